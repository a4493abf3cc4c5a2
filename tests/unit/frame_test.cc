#include "common/wire/frame.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "common/wire/limits.h"
#include "common/wire/messages.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::string_view kWholeTags = "TNBPpOMAWESRXGLIZ";  // all but file data

std::string header(char tag, std::uint32_t length) {
  std::string bytes(1, tag);
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(length >> shift));
  return bytes;
}

// All frames, file data joined per frame sequence as "D<transfer>:bytes".
std::vector<std::string> read_all(FrameReader& reader, std::string_view bytes) {
  std::vector<std::string> frames;
  reader.feed(bytes);
  while (const auto frame = reader.next()) {
    if (frame->tag != 'D') {
      frames.push_back(std::string(1, frame->tag) + ":" + std::string(frame->payload));
      continue;
    }
    frames.push_back("D" + std::to_string(frame->transfer) + ":" + std::string(frame->payload));
  }
  return frames;
}

TEST(Frame, IsATagALengthAndThePayload) {
  EXPECT_EQ(make_frame('T', "hello"), header('T', 5) + "hello");
  EXPECT_EQ(make_frame('B', ""), header('B', 0));
  EXPECT_EQ(make_data_header(0x01020304, 5), header('D', 9) + "\x01\x02\x03\x04");
}

TEST(Frame, EveryTagIsReadBack) {
  for (const char tag : kWholeTags) {
    for (const std::string& payload : {std::string(), std::string("x"), std::string(64, 'y')}) {
      FrameReader reader;
      const auto frames = read_all(reader, make_frame(tag, payload));
      ASSERT_EQ(frames, std::vector{std::string(1, tag) + ":" + payload});
      EXPECT_TRUE(reader.between_frames());
    }
  }
}

std::size_t most_for(char tag) {
  if (std::string_view("TNB").find(tag) != std::string_view::npos) return kMaxText;
  if (tag == 'P' || tag == 'p') return kMaxPing;
  return kMaxPayload;
}

TEST(Frame, EveryLimitIsHeldBeforeAnythingIsReserved) {
  for (const char tag : std::string(kWholeTags) + "Dqz") {
    const std::size_t most = most_for(tag);
    FrameReader fits;
    EXPECT_NO_THROW(read_all(fits, header(tag, static_cast<std::uint32_t>(most)))) << tag;
    for (const std::size_t length : {most + 1, std::size_t{0xffffffff}}) {
      FrameReader reader;
      EXPECT_THROW(read_all(reader, header(tag, static_cast<std::uint32_t>(length))), ProtocolError)
          << tag << length;
    }
  }
}

TEST(Frame, TheLongestPayloadsArrive) {
  for (const std::size_t size : {kMaxPayload - 1, kMaxPayload}) {
    FrameReader reader;
    const std::string payload(size, 'x');
    EXPECT_EQ(read_all(reader, make_frame('O', payload)).at(0), "O:" + payload);
  }
  EXPECT_DEATH(make_frame('O', std::string(kMaxPayload + 1, 'x')), "a bug in this program");
  EXPECT_DEATH(make_data_header(1, kMaxPayload - 3), "a bug in this program");
  EXPECT_NO_THROW(make_data_header(1, kMaxPayload - 4));
}

TEST(Frame, ATagThatIsNoLetterIsAnError) {
  for (int tag = 0; tag < 256; ++tag) {
    const char c = static_cast<char>(tag);
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    FrameReader reader;
    if (letter)
      EXPECT_NO_THROW(read_all(reader, header(c, 4)));
    else
      EXPECT_THROW(read_all(reader, header(c, 4)), ProtocolError) << tag;
  }
}

TEST(Frame, AnUnknownTagIsSkippedInAnyPieces) {
  const std::string stream = make_frame('q', "skipped") + make_frame('T', "a") +
                             make_frame('Y', "") + make_frame('T', "b");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader;
    auto frames = read_all(reader, std::string_view(stream).substr(0, cut));
    for (auto& frame : read_all(reader, std::string_view(stream).substr(cut)))
      frames.push_back(frame);
    EXPECT_EQ(frames, (std::vector<std::string>{"T:a", "T:b"})) << cut;
    EXPECT_TRUE(reader.between_frames());
  }
}

std::string sample_stream() {
  return make_frame('T', "hello") + make_frame('B', "") + make_data_header(7, 6) + "abcdef" +
         make_data_header(9, 0) + make_frame('P', "12345678") + make_data_header(7, 3) + "ghi";
}

// The bytes of each transfer and the other frames, whatever the pieces were.
struct Outcome {
  std::vector<std::string> whole;
  std::string seven;
  bool operator==(const Outcome&) const = default;
};

void add(Outcome& outcome, const std::vector<std::string>& frames) {
  for (const std::string& frame : frames) {
    if (frame.starts_with("D7:"))
      outcome.seven += frame.substr(3);
    else
      outcome.whole.push_back(frame);
  }
}

TEST(Frame, EverySplitPointGivesTheSame) {
  const std::string stream = sample_stream();
  const Outcome expected{{"T:hello", "B:", "P:12345678"}, "abcdefghi"};
  for (std::size_t a = 0; a <= stream.size(); ++a) {
    for (std::size_t b = a; b <= stream.size(); ++b) {
      FrameReader reader;
      Outcome outcome;
      const std::string_view all = stream;
      for (const auto piece : {all.substr(0, a), all.substr(a, b - a), all.substr(b)})
        add(outcome, read_all(reader, piece));
      ASSERT_EQ(outcome, expected) << a << " " << b;
    }
  }
}

TEST(Frame, ACutInTheMiddleIsSeen) {
  const std::string stream = make_frame('T', "hello") + make_data_header(7, 3) + "abc";
  const std::size_t first = kFrameHeader + 5;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader;
    read_all(reader, std::string_view(stream).substr(0, cut));
    const bool between = cut == 0 || cut == first || cut == stream.size();
    EXPECT_EQ(reader.between_frames(), between) << cut;
  }
}

TEST(Frame, FileDataWithoutItsNumberIsAnError) {
  for (const std::uint32_t length : {0u, 1u, 3u}) {
    FrameReader reader;
    EXPECT_THROW(read_all(reader, header('D', length)), ProtocolError);
  }
}

// Any bytes in any pieces: an error or frames within their limits, never anything else.
TEST(Frame, RandomBytesAreBorne) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 3000; ++round) {
    FrameReader reader;
    std::string bytes(static_cast<std::size_t>(byte(random)), '\0');
    for (char& c : bytes) c = static_cast<char>(byte(random));
    if (round % 2 == 0 && bytes.size() > 5)  // get past the header more often
      bytes.replace(0, 5, header("TDqO"[round % 4], static_cast<std::uint32_t>(byte(random))));
    const std::size_t cut = bytes.size() / 2;
    try {
      for (const auto& piece : {bytes.substr(0, cut), bytes.substr(cut)})
        for (const std::string& frame : read_all(reader, piece))
          ASSERT_LE(frame.size(), bytes.size() + 12);
    } catch (const ProtocolError&) {
    }
  }
}

}  // namespace
}  // namespace talk
