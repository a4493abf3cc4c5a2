// A store's request has a reply that fits, and is whole or could become so, never both.
#include "server_handler/store/request.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  constexpr std::size_t kShortestBuffer = 31;  // some clients read no more
  const std::string_view message = fuzz::text_of(data, size);
  if (message.empty()) return 0;
  const StoreRequest request = parse_store_request(message);
  const bool wrong = request.verb == StoreRequest::Verb::wrong;
  check(wrong != request.problem.empty(), "wrong, and not said so");
  check(request.problem.size() < kShortestBuffer, "a reply that some would cut");
  check(!could_become_store_request(message) || wrong, "a whole request is waited for");
  if (request.verb == StoreRequest::Verb::put)
    check(!request.value.empty() && message.ends_with(request.value), "another value");
  return 0;
}
