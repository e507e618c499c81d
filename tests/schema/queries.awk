# Prints a PREPARE and a DEALLOCATE for each query in the comments of a plan that finds the rows on which a statement fails. A query
# begins after ": " or "; " and ends at a semicolon, neither in quotes, or with the comment.
function flush(    i, c, quote, query, open) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (quote == "" && !open && substr(text, i, 9) ~ /^[:;] SELECT /) { open = 1; query = ""; i++; continue }
        if (quote == "" && open && c == ";") { print "PREPARE query AS " query ";\nDEALLOCATE query;"; open = 0; if (substr(text, i, 9) ~ /^; SELECT /) i--; continue }
        if (c == quote) quote = ""
        else if (quote == "" && (c == "'" || c == "\"")) quote = c
        if (open) query = query c
    }
    if (open) print "PREPARE query AS " query ";\nDEALLOCATE query;"
    text = ""
}
/^-- / { text = (text == "" ? "" : text "\n") substr($0, 4); next }
{ flush() }
END { flush() }
