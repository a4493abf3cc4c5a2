# make bench: measurements beside other programs, medians of interleaved rounds, and at the end one
# table of ratios. make bench quick=1: a shorter one, a minute where the machine does nothing else.
bench := $(build)/tests/bench
bench_tools := $(addprefix $(bench)/,screen_flood framed_loop pty_reader bare_files \
	delaying_relay open_gate.so slow_disk.so \
	services/load services/echo services/echo_pie services/vfork_loop \
	services/append_server services/forked_append services/bare_confined services/sqlite_server)
bench_packages := $(packages) gcc ucspi-tcp socat redis-server libsqlite3-dev systemd \
	vsftpd rsync openssh-server iproute2 ethtool time gnuplot-nox rxvt-unicode xvfb xterm \
	fonts-dejavu-core

$(bench)/%.o: optimize := -O2
$(bench)/%: $(bench)/%.o $(patsubst %.cc,$(build)/%.o,$(wildcard tests/support/*.cc)) $(library)
	@echo 'LD $@'; $(link) -pie $^ -lgtest -lncursesw -ltinfo -lutil -o $@

$(bench)/services/sqlite_server: tests/bench/services/sqlite_server.c
	@mkdir -p $(@D)
	$(CC) -O2 $< -lsqlite3 -o $@

$(bench)/services/echo $(bench)/services/vfork_loop $(bench)/services/append_server \
	$(bench)/services/forked_append \
	$(bench)/services/bare_confined: \
		$(bench)/services/%: tests/bench/services/%.c
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -static $< -o $@

# Linked as our handlers are.
$(bench)/services/echo_pie: tests/bench/services/echo.c
	@mkdir -p $(@D)
	$(CC) -O2 -static-pie -fPIE $< -o $@

$(bench)/%.so: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -shared -fPIC $< -ldl -o $@

.PHONY: bench bench-tools
bench: export TALK_BENCH_ROWS := $(abspath $(bench))/rows
# A minute's worth, once the tools are built: fewer rounds of shorter ones, and what the table shows.
ifdef quick
bench: export TALK_BENCH_REPEAT := 1
bench: export TALK_BENCH_SIZE := 256
bench: export TALK_BENCH_FILES := 1000
bench: export ROUNDS := 3
bench: export SECONDS_EACH := 0.3
endif
bench:
	@tests/tools/install_packages $(bench_packages)
	$(MAKE) all bench-tools
	rm -f $(TALK_BENCH_ROWS)
	$(if $(quick),,$(bench)/screen_flood)
	tests/bench/files.py $(bench) $(bin) $(if $(quick),upload many far)
	$(if $(quick),,tests/bench/board.py $(bin))
	tests/bench/window.py $(bin)
	tests/bench/services/measure.py $(bench)/services $(bin) $(if $(quick),connect memory store)
	tests/bench/rows.py $(TALK_BENCH_ROWS) tests/bench/ratios.png

bench-tools: $(bench_tools)
