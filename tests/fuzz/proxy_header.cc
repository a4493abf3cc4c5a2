// A header is read in pieces that never go beyond it, and is taken or refused, whatever it holds.
#include "common/wire/proxy_header.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  try {
    std::size_t read = 0;
    while (const std::size_t wanted = proxy_bytes_wanted(bytes.substr(0, read))) {
      if (read + wanted > bytes.size()) return 0;
      read += wanted;
    }
    check(read <= 16 + 0xFFFF, "a header over the limit");
    for (std::size_t part = 0; part < read; ++part)
      check(proxy_bytes_wanted(bytes.substr(0, part)) <= read - part, "more than the header");
    const ProxyHeader header = read_proxy_header(bytes.substr(0, read));
    if (header.ends) check(!header.ends->source.ip.empty(), "an address without one");
  } catch (const ProxyError&) {
  }
  return 0;
}
