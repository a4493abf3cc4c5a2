// What a socket of the register says is another process's word. A report that was understood
// survives being said again, and whatever it holds is shown in its room and as JSON in ASCII.
#include "common/desk/report.h"

#include "common/text/width.h"
#include "talk_server/board/json.h"
#include "talk_server/board/table.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  if (const auto listener = read_listener_report(bytes))
    check(read_listener_report(format_report(*listener)) == listener, "a listener that changes");
  if (const auto window = read_tmux_answer(bytes))
    check(read_tmux_answer(format_tmux_answer(*window)) == window, "a pane that changes");

  SessionRow row;
  row.report = read_session_report(bytes);
  if (!row.report) return 0;
  const auto once = read_session_report(format_report(*row.report));  // long names are cut
  check(once && read_session_report(format_report(*once)) == once, "a session that changes");
  for (const int columns : {1, 40, 80}) {
    const Table table = lay_out_table({row}, columns, columns % 2 == 0);
    check(table.lines.size() == 1 && text_width(table.lines[0]) <= columns, "too wide");
  }
  const std::string json = list_json("1234", std::nullopt, {row});
  check(std::all_of(json.begin(), json.end(),
                    [](char c) { return (c >= ' ' && c < 127) || c == '\n'; }),
        "JSON that is no ASCII");
  return 0;
}
