# cmig: `make` builds build/cmig; `make demo` and `make check` install what they need first.
#
# Each mode builds in a folder of its own, so nothing ever needs a clean: build/ (make), build/asan (make asan) and
# build/fuzz (make fuzz).
# WERROR=1 makes warnings errors.

CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
O       ?= build

PACKAGES := libpq inih yaml-0.1
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -Isrc -Iinclude $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDLIBS   += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null || echo -lpq -linih -lyaml) -lm

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wwrite-strings \
	-Wformat=2 -Wundef -Wvla -Wpointer-arith -Wstrict-prototypes -Wold-style-definition -Wmissing-prototypes \
	-Wredundant-decls -Wdouble-promotion -Wnull-dereference -Wimplicit-fallthrough
GCC_WARNINGS := -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wformat-signedness
HARDENING := -fstack-protector-strong -ftrivial-auto-var-init=zero -fPIE
LINK_HARDENING := -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
ifeq ($(shell uname -s),Darwin)
LINK_HARDENING :=
endif

# A flag the compiler does not know is left out, so that older and other compilers build too.
accepted = $(shell for flag in $(1); do $(CC) -Werror $$flag -fsyntax-only -x c /dev/null 2>/dev/null && echo $$flag; done)

# What a file's rule needs of the compiler is asked once, when something is built.
OPTIMIZE ?= -O2 -g
SANITIZE ?=
CFLAGS   ?= $(OPTIMIZE)
EXTRA_FLAGS = $(eval EXTRA_FLAGS := $$(call accepted,$(GCC_WARNINGS) $(HARDENING) -fstack-clash-protection -fcf-protection=full))$(EXTRA_FLAGS)
FORTIFY  = $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
ALL_CFLAGS = -std=c17 $(WARNINGS) $(EXTRA_FLAGS) $(if $(WERROR),-Werror) $(FORTIFY) $(CFLAGS) $(SANITIZE)

LIB_SOURCES := $(wildcard src/base/*.c src/sql/*.c src/history/*.c src/schema/*.c src/files/*.c src/pg/*.c src/run/*.c src/ops/*.c)
CLI_SOURCES := $(wildcard src/cli/*.c) src/main.c
TEMPLATES   := $(wildcard templates/*)
SQL         := $(wildcard src/pg/sql/*.sql)
CATALOG     := $(wildcard src/pg/catalog/*.sql)
SHELLS      := $(wildcard src/cli/shell/*)
HEADERS     := $(wildcard include/cmig/*)

LIB_OBJECTS := $(LIB_SOURCES:src/%.c=$O/%.o) $O/embedded/sql.o $O/embedded/catalog.o $O/embedded/templates.o
CLI_OBJECTS := $(CLI_SOURCES:src/%.c=$O/%.o) $O/embedded/shell.o

.PHONY: all demo check check-only test-tools check-matrix check-schema faults torture asan fuzz fuzz-only bench bench-online lint format install uninstall clean
.DELETE_ON_ERROR:
all: $O/cmig $O/libcmig.a

$O/cmig: $(CLI_OBJECTS) $O/libcmig.a
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) $(if $(SANITIZE),,$(LINK_HARDENING)) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$O/libcmig.a: $(LIB_OBJECTS)
	@echo "  AR    $@"
	@rm -f $@ && $(AR) rcs $@ $^

$O/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$O/embedded/%.o: $O/embedded/%.c
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -Wno-overlength-strings -Wno-redundant-decls -c -o $@ $<

$O/embedded/sql.c: src/embed.awk $(SQL)
	@mkdir -p $(@D)
	@awk -f src/embed.awk -v prefix=sql_ $(SQL) > $@

$O/embedded/catalog.c: src/embed.awk $(CATALOG)
	@mkdir -p $(@D)
	@awk -f src/embed.awk -v prefix=catalog_sql_ -v index_name=catalog_files $(CATALOG) > $@

$O/embedded/shell.c: src/embed.awk $(SHELLS)
	@mkdir -p $(@D)
	@awk -f src/embed.awk -v prefix=shell_ $(SHELLS) > $@

$O/embedded/templates.c: src/embed.awk $(TEMPLATES)
	@mkdir -p $(@D)
	@awk -f src/embed.awk -v prefix=template_ $(TEMPLATES) > $@

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d)

# ---------------------------------------------------------------- tests

UNIT_TESTS := $(patsubst tests/unit/%.c,$O/tests/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ_TESTS := $(patsubst tests/fuzz/%.c,$O/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
API_TEST   := $O/tests/api/client
# It needs the symbols of glibc; elsewhere faults are not injected.
FAULT_TEST := $(if $(wildcard /usr/include/features.h /usr/include/*/gnu/stubs.h),$O/tests/faults/cmig)
TEST_TOOLS := $(patsubst tests/tools/%.c,$O/tests/tools/%,$(wildcard tests/tools/*.c))

$O/tests/unit/%: tests/unit/%.c $O/libcmig.a
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	@$(CC) $(CPPFLAGS) -Itests/unit $(ALL_CFLAGS) -MMD -MP -o $@ $< $O/libcmig.a $(LDLIBS) -lcmocka

# The fuzz targets, with a main that replays their corpus; make fuzz has libFuzzer's instead.
FUZZ_MAIN ?= tests/fuzz/replay.c
$O/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(wildcard tests/fuzz/*.h tests/unit/*.h) $O/libcmig.a
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -o $@ $< $(FUZZ_MAIN) $(filter %.o,$^) $O/libcmig.a $(LDLIBS)

$O/tests/fuzz/fuzz_completion: $(filter-out $O/main.o,$(CLI_OBJECTS))

# A program of somebody else's: C99, the public headers, the library.
$O/tests/api/client: tests/api/client.c $O/libcmig.a $(HEADERS)
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	@$(CC) -std=c99 -Wall -Wextra -Wpedantic -Werror -Iinclude $(SANITIZE) -o $@ $< $O/libcmig.a $(LDLIBS)

# What the tests of the command line need besides the program.
$O/tests/tools/%: tests/tools/%.c $O/libcmig.a
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	@$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -o $@ $< $O/libcmig.a $(LDLIBS)

# cmig with the injector of faults, whose functions take the place of those of libc.
$O/tests/faults/inject.o: tests/faults/inject.c
	@mkdir -p $(@D)
	@$(CC) -std=c17 -O1 -g -Wall -Wextra -Werror -U_FORTIFY_SOURCE -fno-builtin -fPIE -c -o $@ $<

$O/tests/faults/cmig: $(CLI_OBJECTS) $O/tests/faults/inject.o $O/libcmig.a
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) -pie -rdynamic $(LDFLAGS) -o $@ $^ $(LDLIBS)

test-tools: $(TEST_TOOLS) $(API_TEST)

-include $(UNIT_TESTS:=.d)

check-only: all $(UNIT_TESTS) $(FUZZ_TESTS) $(API_TEST) $(TEST_TOOLS) $(FAULT_TEST)
	@O=$O CC="$(CC)" tests/run.sh

$O/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	@$(CC) -D_XOPEN_SOURCE=700 $(CPPFLAGS) -std=c17 -O2 -Wall -Wextra -o $@ $< -lpq

bench: all $O/tests/bench/measure $O/tests/bench/readall $O/tests/bench/floor
	@CMIG=$(CURDIR)/$O/cmig TOOLS=$(CURDIR)/$O/tests/bench tests/bench/bench.sh

bench-online: all $O/tests/bench/online
	@CMIG=$(CURDIR)/$O/cmig TOOLS=$(CURDIR)/$O/tests/bench tests/bench/online.sh

demo:
	@tests/install.sh build
	@$(MAKE) --no-print-directory all
	@tests/demo.sh $O/cmig

check:
	@tests/install.sh check
	@$(MAKE) --no-print-directory check-only

SERVERS ?= 13 14 15 16 17 18
check-matrix:
	@tests/install.sh check
	@$(MAKE) --no-print-directory all test-tools
	@O=$O tests/matrix.sh $(SERVERS)

# Each pair of tests/schema alone, then PAIRS random ones from SEED on.
SEED  ?= 1
PAIRS ?= 100
check-schema:
	@tests/install.sh check
	@$(MAKE) --no-print-directory all
	@CMIG=$(CURDIR)/$O/cmig SEED=$(SEED) RANDOM_PAIRS=$(PAIRS) tests/with-server.sh tests/schema/pairs.sh --each

# Every call of every command fails once, under AddressSanitizer. COMMANDS, KINDS and SAMPLES choose some of them.
faults:
	@tests/install.sh build
	@$(MAKE) --no-print-directory build/asan/tests/faults/cmig $(ASAN)
	@CMIG=$(CURDIR)/build/asan/tests/faults/cmig tests/faults/faults.sh

# ROUNDS, RUNNERS, KILLS, SEED and the others are explained there.
torture:
	@tests/install.sh build
	@tests/install.sh torture || :
	@$(MAKE) --no-print-directory all
	@O=$O CMIG=$(CURDIR)/$O/cmig tests/torture/torture.sh

# Each target, or only those that FUZZ names, for SECONDS. The corpus in CORPUS grows; tests/fuzz/fuzz.sh says more.
CLANG   ?= clang
SECONDS ?= 20
FUZZ    ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
CORPUS  ?= build/fuzz/corpus
fuzz:
	@CC="$(CLANG)" tests/install.sh fuzz
	@$(MAKE) --no-print-directory fuzz-only CC="$(CLANG)" O=build/fuzz FUZZ_MAIN=-fsanitize=fuzzer \
		OPTIMIZE="-O2 -g -fno-omit-frame-pointer" \
		SANITIZE="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all"

fuzz-only: $(FUZZ:%=$O/tests/fuzz/fuzz_%)
	@tests/fuzz/fuzz.sh $O/tests/fuzz "$(CORPUS)" $(SECONDS) $(FUZZ)

# ---------------------------------------------------------------- care

ASAN := O=build/asan OPTIMIZE="-O1 -g -fno-omit-frame-pointer" \
	SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all"
asan:
	@$(MAKE) --no-print-directory check-only $(ASAN)

FORMATTED := $(wildcard src/*/*.[ch] src/*.c include/cmig/*.h tests/*/*.[ch])
format:
	@clang-format -i $(FORMATTED)

lint: $O/embedded/sql.c
	@clang-tidy --quiet $(LIB_SOURCES) $(CLI_SOURCES) -- -std=c17 $(WARNINGS) $(CPPFLAGS)
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,style,performance,portability --inline-suppr \
		--suppressions-list=.cppcheck -Isrc -Iinclude src

MAN1            := $(PREFIX)/share/man/man1
BASH_COMPLETION := $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION  := $(PREFIX)/share/zsh/site-functions
FISH_COMPLETION := $(PREFIX)/share/fish/vendor_completions.d

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include/cmig
	install -m 755 $O/cmig $(DESTDIR)$(PREFIX)/bin/cmig
	install -m 644 $O/libcmig.a $(DESTDIR)$(PREFIX)/lib/libcmig.a
	install -m 644 $(HEADERS) $(DESTDIR)$(PREFIX)/include/cmig
	install -d $(DESTDIR)$(MAN1) $(DESTDIR)$(BASH_COMPLETION) $(DESTDIR)$(ZSH_COMPLETION) $(DESTDIR)$(FISH_COMPLETION)
	$O/cmig man > $(DESTDIR)$(MAN1)/cmig.1
	install -m 644 src/cli/shell/cmig.bash $(DESTDIR)$(BASH_COMPLETION)/cmig
	install -m 644 src/cli/shell/cmig.zsh $(DESTDIR)$(ZSH_COMPLETION)/_cmig
	install -m 644 src/cli/shell/cmig.fish $(DESTDIR)$(FISH_COMPLETION)/cmig.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/cmig $(DESTDIR)$(PREFIX)/lib/libcmig.a
	rm -rf $(DESTDIR)$(PREFIX)/include/cmig
	rm -f $(DESTDIR)$(MAN1)/cmig.1 $(DESTDIR)$(BASH_COMPLETION)/cmig $(DESTDIR)$(ZSH_COMPLETION)/_cmig
	rm -f $(DESTDIR)$(FISH_COMPLETION)/cmig.fish

clean:
	rm -rf build
