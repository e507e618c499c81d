/* Renames that the schema source declares: "-- cmig:rename OLD TO NEW". They are never guessed. */
#ifndef CMIG_OPS_RENAME_H
#define CMIG_OPS_RENAME_H

#include "pg/load.h"
#include "schema/diff.h"

typedef struct RenameMark {
    const char *old, *new; /* as much of the names as is needed to know the object */
    const char *path;
    int line;
} RenameMark;
typedef VEC(RenameMark) RenameMarkVec;

/* Adds the marks among the markers of a file of the schema source. */
bool rename_marks(Arena *arena, const char *path, const MarkerVec *markers, RenameMarkVec *out,
                  Err *err) MUST_CHECK;

/* Refuses marks that exchange names, as "a TO b" and "b TO a" do. Both sides have the same names then, so
 * that nothing shows whether the renames have run. */
bool rename_no_exchange(const RenameMarkVec *marks, const Schema *from, const Schema *to,
                        Err *err) MUST_CHECK;

typedef struct Rename {
    const Object *old, *new;
    const char *sql, *back;
    bool declared; /* by a mark: it must be possible */
} Rename;
typedef VEC(Rename) RenameVec;

/* The marked objects that are there under the old name on the one side, and under the new one on the other.
 * Indexes and constraints that differ in nothing but their names, and sequences of one column, need no mark:
 * nothing can be lost. What is a part of something that is renamed is found when that has been done: ask
 * again, until there is nothing left. */
bool rename_find(Arena *arena, const RenameMarkVec *marks, const Schema *from, const Schema *to,
                 RenameVec *out, Err *err) MUST_CHECK;

/* Has the old side the new name already? Where not, behind all renames, the mark means nothing that is there.
 */
bool rename_is_done(const RenameMark *mark, const Schema *from);

/* An object that is gone, and the only one like it that has come: it may have been renamed. */
typedef struct RenameGuess {
    const Object *old, *new;
} RenameGuess;
typedef VEC(RenameGuess) RenameGuessVec;
RenameGuessVec rename_guesses(Arena *arena, const Schema *from, const Schema *to);
/* Adds to the steps that drop such objects how to declare the renames. */
void rename_advise(Arena *arena, const Schema *from, const Schema *to, const Diff *diff);

#endif
