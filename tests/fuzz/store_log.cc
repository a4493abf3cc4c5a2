// A line of the database, in either form, says the same when it is written anew.
#include "server_handler/store/record.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  for (const StoreForm form : {StoreForm::own, StoreForm::foreign}) {
    const StoreRecord record = parse_store_record(form, line);
    if (record.kind == StoreRecord::Kind::none) continue;
    const bool put = record.kind == StoreRecord::Kind::put;
    const std::string text =
        put ? format_store_put(record.key, record.value) : format_store_del(record.key);
    check(text.find('\n') == text.size() - 1, "a record is one line");
    const StoreRecord again =
        parse_store_record(StoreForm::own, std::string_view(text).substr(0, text.size() - 1));
    check(again.kind == record.kind && again.key == record.key && again.value == record.value,
          "a record that changes");
  }
  return 0;
}
