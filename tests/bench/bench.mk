# make bench: measurements beside other programs, medians of interleaved rounds, and ratios.
bench := $(build)/tests/bench
bench_tools := $(addprefix $(bench)/,screen_flood framed_loop pty_reader open_gate.so slow_disk.so \
	services/load services/echo services/sqlite_server)
bench_packages := $(packages) gcc ucspi-tcp socat redis-server libsqlite3-dev systemd \
	vsftpd rsync openssh-server iproute2 ethtool time gnuplot-nox rxvt-unicode

$(bench)/%.o: optimize := -O2
$(bench)/%: $(bench)/%.o $(patsubst %.cc,$(build)/%.o,$(wildcard tests/support/*.cc)) $(library)
	@echo 'LD $@'; $(link) -pie $^ -lgtest -lncursesw -ltinfo -lutil -o $@

$(bench)/services/sqlite_server: tests/bench/services/sqlite_server.c
	@mkdir -p $(@D)
	$(CC) -O2 $< -lsqlite3 -o $@

$(bench)/services/echo: tests/bench/services/echo.c
	@mkdir -p $(@D)
	$(CC) -O2 -static $< -o $@

$(bench)/%.so: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -Wextra -shared -fPIC $< -ldl -o $@

.PHONY: bench bench-tools
bench:
	@tests/tools/install_packages $(bench_packages)
	$(MAKE) all bench-tools
	$(bench)/screen_flood
	tests/bench/files.py $(bench) $(bin)
	tests/bench/board.py $(bin)
	tests/bench/services/measure.py $(bench)/services $(bin)

bench-tools: $(bench_tools)
