// A first-in, first-out queue of bytes with a hard maximum.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace talk {

class ByteQueue {
 public:
  explicit ByteQueue(std::size_t maximum) : maximum_(maximum) {}

  // False, with nothing taken, where the bytes do not fit.
  [[nodiscard]] bool append(std::string_view bytes);
  std::string_view view() const { return std::string_view(bytes_).substr(head_); }
  void consume(std::size_t count);

  std::size_t size() const { return bytes_.size() - head_; }
  bool empty() const { return size() == 0; }
  std::size_t room() const { return maximum_ - size(); }

 private:
  std::size_t maximum_;
  std::size_t head_ = 0;  // bytes_ before it are consumed
  std::string bytes_;
};

}  // namespace talk
