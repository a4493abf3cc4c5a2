// What stands in the texts of cases for something that only the bench knows.
#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

// "1", or "1+4294967296".
unsigned long long sum_of(const std::string& numbers) {
  const std::size_t plus = numbers.find('+');
  const unsigned long long more =
      plus == std::string::npos ? 0 : std::stoull(numbers.substr(plus + 1));
  return std::stoull(numbers) + more;
}

}  // namespace

// Of fetch: in the form that the client asked for, which a line feed tells.
std::string Bench::head_of_reply(const std::string& size) const {
  return request_ending_.ends_with('\n') ? "8402 OK " + size + request_ending_ : "8402\n";
}

std::string Bench::filled(const std::string& text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find('{', at);
    const std::size_t end = begin == std::string::npos ? begin : text.find('}', begin);
    if (end == std::string::npos) return out + text.substr(at);
    const std::string name = text.substr(begin + 1, end - begin - 1);
    const bool number = !name.empty() && name.find_first_not_of("0123456789+") == std::string::npos;
    out += text.substr(at, begin - at);
    if (number)
      out += std::to_string(base_ + sum_of(name));
    else if (name == "token")
      out += "clinic-" + std::to_string(base_);
    else if (name == "file")
      out += surroundings_.file;
    else if (name.starts_with("head "))
      out += head_of_reply(name.substr(5));
    else if (name == "end")
      out += request_ending_;
    else
      out += text.substr(begin, end - begin + 1);
    at = end + 1;
  }
  return out;
}

}  // namespace talk::clinic
