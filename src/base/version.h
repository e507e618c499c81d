/* The version of this build. */
#ifndef CMIG_BASE_VERSION_H
#define CMIG_BASE_VERSION_H

#define CMIG_VERSION "0.1.0"

#endif
