#include "tests/model/talk_model.h"

#include <algorithm>
#include <filesystem>

#include "common/wire/messages.h"
#include "tests/support/linked_transfers.h"

namespace talk::test {
namespace {

constexpr std::size_t kSizes[kModelFiles] = {0, 1, 4'096, 70'000, 300'000};
constexpr milliseconds kSettleWork{1};

std::string name_of(std::size_t file) { return "f" + std::to_string(file) + ".bin"; }

TalkSeat::Options seat_options(talk::Role role, const TempDir& directory, const TempDir& files,
                               bool asks) {
  return {role, directory.path().string(), files.path().string(), asks};
}

}  // namespace

std::string model_file(std::size_t file) {
  return noise(kSizes[file], static_cast<unsigned>(file));
}

void write_model_files(const TempDir& directory) {
  for (std::size_t file = 0; file < kModelFiles; ++file)
    write_file(directory / name_of(file), model_file(file));
}

TalkModel::TalkModel(unsigned seed)
    : random_({}, seed),
      desk_(seat_options(talk::Role::handler, desk_directory_, files_, false), now_),
      visitor_(seat_options(talk::Role::client, visitor_directory_, files_, random_.one_in(2)),
               now_) {
  write_model_files(files_);
}

bool TalkModel::run(int turns) {
  while (turns-- > 0) act();
  constexpr int kMostTurns = 10'000;
  for (int turn = 0; turn < kMostTurns && !quiet(); ++turn) {
    type(1, "/accept");  // where anything is still asked
    settle_turn();
  }
  visitor_.type("/bye", now_);
  for (int turn = 0; turn < kMostTurns && !(desk_.talk.over() && visitor_.talk.over()); ++turn)
    settle_turn();
  return desk_.talk.over() && visitor_.talk.over();
}

// One thing that somebody does, or that the link or the disk gets done.
void TalkModel::act() {
  const std::size_t side = random_.up_to(1);
  const std::string path = files_ / name_of(random_.up_to(kModelFiles - 1));
  switch (random_.up_to(19)) {
    case 0:
      return type(side, "/send " + path);
    case 1:
      return type(side, "/get " + name_of(random_.up_to(kModelFiles)));  // one of them is not there
    case 2:
      return type(side, "/cancel " + std::to_string(random_.up_to(12)));
    case 3:
      return type(side, "/cancel");
    case 4:
      return type(1, random_.one_in(3) ? "/refuse" : "/accept");
    case 5:
      return type(side, "/files");
    case 6:
      now_ += milliseconds(random_.up_to(500));
      return seat(side).talk.tick(now_);
    case 7:
    case 8:
      return type(side, random_words());
    case 9:
      return seat(side).work(milliseconds(random_.up_to(1)));
    default:
      return move(side, random_.one_in(4) ? random_.up_to(200'000) : random_.up_to(900));
  }
}

void TalkModel::type(std::size_t side, const std::string& line) {
  if (!seat(side).talk.wants_input()) return;
  seat(side).type(line, now_);
  if (!line.starts_with('/')) sides_[side].said.push_back(line);
  if (line.starts_with("//")) sides_[side].said.push_back(line.substr(1));
}

std::string TalkModel::random_words() {
  static const std::vector<std::string> kWords = {"hello",   "//usr", "grüße", "日本",
                                                  "\x1b[2J", "",      "a"};
  std::string words = random_.pick(kWords);
  for (std::size_t more = random_.up_to(3); more > 0; --more) words += " " + random_.pick(kWords);
  return words;
}

// Carries bytes from one side to the other, and its end of stream behind them.
void TalkModel::move(std::size_t side, std::size_t most) {
  Side& from = sides_[side];
  TalkSeat& to = seat(1 - side);
  from.stream += seat(side).take(most, now_);
  watch(from, side == 1);
  from.ended |= seat(side).talk.take_half_close() || seat(side).talk.over();
  const std::size_t count = std::min(most, from.stream.size() - from.arrived);
  if (count > 0 && to.talk.wants_to_read()) {
    to.talk.receive(std::string_view(from.stream).substr(from.arrived, count), now_);
    from.arrived += count;
  }
  if (from.ended && from.arrived == from.stream.size() && !from.end_arrived) {
    from.end_arrived = true;
    to.talk.receive_end(now_);
  }
}

// Notes what a side calls stored.
void TalkModel::watch(Side& side, bool visitor) {
  std::string_view news = std::string_view(side.stream).substr(side.judged);
  if (side.judged == 0) {
    const std::size_t greeting = news.find('\n');
    if (greeting == news.npos) return;
    news.remove_prefix(greeting + 1);
  }
  side.judged = side.stream.size();
  side.frames.feed(news);
  while (const auto frame = side.frames.next()) {
    if (frame->tag != Stored::kTag) continue;
    const auto stored = std::get<Stored>(decode(frame->tag, frame->payload));
    const TempDir& directory = visitor ? visitor_directory_ : desk_directory_;
    if (!std::filesystem::exists(directory / stored.name))
      side.stored.insert("(too early) " + stored.name);
    side.stored.insert(stored.name);
    ++stored_count_;
  }
}

// The disks are waited for where nothing else moves.
void TalkModel::settle_turn() {
  constexpr std::size_t kMuch = 1'000'000;
  now_ += milliseconds(10);
  const std::size_t before = sides_[0].arrived + sides_[1].arrived;
  for (const std::size_t side : {0, 1}) move(side, kMuch);
  const bool moved = sides_[0].arrived + sides_[1].arrived != before;
  for (const std::size_t side : {0, 1}) {
    seat(side).work(moved || seat(side).transfers.idle() ? milliseconds(0) : kSettleWork);
    seat(side).talk.tick(now_);
  }
}

bool TalkModel::quiet() const {
  const auto still = [](const Side& side) { return side.arrived == side.stream.size(); };
  return desk_.transfers.idle() && visitor_.transfers.idle() && still(sides_[0]) &&
         still(sides_[1]) && !sides_[0].stream.empty() && !sides_[1].stream.empty();
}

void TalkModel::check_files(std::size_t side, std::string& wrong) const {
  const TempDir& directory = side == 0 ? desk_directory_ : visitor_directory_;
  const std::set<std::string>& stored = sides_[side].stored;
  for (const std::string& name : names_below(directory.path())) {
    if (!stored.contains(name)) {
      wrong += name + " is there and was never called stored\n";
      continue;
    }
    const auto file = static_cast<std::size_t>(name.at(1) - '0');
    if (read_file(directory / name) != model_file(file)) wrong += name + " has other bytes\n";
  }
  for (const std::string& name : stored)
    if (!std::filesystem::exists(directory / name)) wrong += name + " was called stored\n";
}

std::string TalkModel::wrong() const {
  std::string wrong;
  for (const std::size_t side : {0, 1}) {
    const auto& heard = (side == 0 ? visitor_ : desk_).screen.heard;
    const auto& said = sides_[side].said;
    if (heard != said)
      wrong += std::to_string(said.size()) + " lines were said, " + std::to_string(heard.size()) +
               " were heard, or others\n";
    check_files(side, wrong);
  }
  for (const TalkSeat* one : {&desk_, &visitor_})
    if (one->talk.outcome().code != Outcome::kFine) wrong += one->talk.outcome().reason + "\n";
  return wrong;
}

}  // namespace talk::test
