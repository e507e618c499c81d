/* cmig's own SQL: the statements in sql/, and how they are filled in. */
#ifndef CMIG_PG_OWN_SQL_H
#define CMIG_PG_OWN_SQL_H

#include "base/str.h"

/* The files of src/pg/sql, each a constant. */
extern const char sql_place[], sql_trust[], sql_lock[], sql_lock_holder[], sql_version_create[],
    sql_log_create[], sql_script_check[], sql_xact_status[], sql_script_alone[], sql_watch[], sql_log_state[],
    sql_log_read[], sql_steps_create[], sql_steps_read[], sql_steps_record[], sql_steps_clear[],
    sql_steps_list[], sql_steps_empty[], sql_shadow_create[], sql_shadow_end[], sql_shadow_stale[],
    sql_cast[], sql_steps_forget[], sql_shared_changes[], sql_index_state[], sql_index_invalid[],
    sql_index_drop_invalid[], sql_detach_state[], sql_read_only[], sql_new_enum_values[], sql_session_reset[],
    sql_constraints_settle[], sql_unforce_rows[], sql_fill_try[], sql_fill_columns[], sql_fill_types[],
    sql_fill_parts[], sql_fill_checks[], sql_fill_triggers[], sql_values_columns[], sql_values_same[],
    sql_key_names[];

typedef struct SqlValue {
    const char *name, *value;
} SqlValue;

/* Appends a statement with its variables written as psql would: :'name' as a literal, :"name" as an
 * identifier, which is left out with the dot behind it where it is empty. */
void sql_fill(StrBuf *out, const char *statement, const SqlValue *values, size_t count);

#endif
