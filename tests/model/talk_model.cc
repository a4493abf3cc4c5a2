#include "tests/model/talk_model.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "common/wire/messages.h"
#include "tests/support/linked_transfers.h"

namespace talk::test {
namespace {

constexpr std::size_t kSizes[kModelFiles] = {0, 1, 4'096, 70'000, 300'000};
constexpr milliseconds kSettleWork{1};

std::string name_of(std::size_t file) { return "f" + std::to_string(file) + ".bin"; }

constexpr seconds kPatience{600};  // for another link

TalkSeat::Options seat_options(talk::Role role, const TempDir& directory, const TempDir& files,
                               bool asks, TalkModel::Link link) {
  return {role, directory.path().string(), files.path().string(), asks,
          link == TalkModel::Link::cut ? kPatience : seconds(0)};
}

}  // namespace

std::string model_file(std::size_t file) {
  return noise(kSizes[file], static_cast<unsigned>(file));
}

void write_model_files(const TempDir& directory) {
  for (std::size_t file = 0; file < kModelFiles; ++file)
    write_file(directory / name_of(file), model_file(file));
}

TalkModel::TalkModel(unsigned seed, Link link)
    : random_({}, seed),
      desk_(seat_options(talk::Role::handler, desk_directory_, files_, false, link), now_),
      visitor_(
          seat_options(talk::Role::client, visitor_directory_, files_, random_.one_in(2), link),
          now_),
      link_(link) {
  write_model_files(files_);
}

bool TalkModel::run(int turns) {
  while (turns-- > 0 && !gave_up_) act();
  constexpr int kMostTurns = 10'000;
  for (int turn = 0; turn < kMostTurns && !quiet() && !gave_up_; ++turn) {
    type(1, "/accept");  // where anything is still asked
    settle_turn();
  }
  if (!gave_up_) leave();
  for (int turn = 0; turn < kMostTurns && !(desk_.talk.over() && visitor_.talk.over()); ++turn) {
    // Whose visitor gave up waits in vain.
    if (visitor_.talk.over() && !desk_.talk.has_link()) now_ += kPatience;
    settle_turn();
  }
  return desk_.talk.over() && visitor_.talk.over();
}

void TalkModel::leave() {
  if (link_ == Link::cut && random_.one_in(2))
    visitor_.talk.input({Input::Kind::end, {}}, now_);
  else
    visitor_.type("/bye", now_);
}

// Once more where files are on their way. The desk is told by the clock, or, as here, by its TCP.
void TalkModel::give_up() {
  for (int bye = 0; bye < 2 && !visitor_.talk.over(); ++bye) visitor_.type("/bye", now_);
  gave_up_ = true;
  if (desk_.talk.has_link()) desk_.talk.link_failed(ETIMEDOUT, now_);
}

// ---- Links ----

// Before both have greeted there is no talk yet.
bool TalkModel::may_be_cut() const {
  const auto greeted = [](const Side& side) { return side.stream.find('\n') < side.arrived; };
  return link_ == Link::cut && !lost_ && greeted(sides_[0]) && greeted(sides_[1]);
}

// What is under way is lost. The desk may know nothing of it before it is called.
void TalkModel::cut() {
  ++cuts_;
  lost_ = true;
  for (Side& side : sides_) {
    side.stream.clear();
    side.arrived = side.judged = 0;
    side.frames = FrameReader();
  }
  random_.one_in(2) ? visitor_.talk.link_failed(ECONNRESET, now_) : visitor_.talk.receive_end(now_);
  if (random_.one_in(2)) desk_.talk.receive_end(now_);
}

void TalkModel::call_again() {
  lost_ = !visitor_.talk.new_link("10.0.0.8", now_) || !desk_.talk.new_link("10.0.0.9", now_);
}

// One thing that somebody does, or that the link or the disk gets done.
void TalkModel::act() {
  const std::size_t side = random_.up_to(1);
  const std::size_t file = random_.up_to(kModelFiles - 1);
  const bool whole = link_ == Link::whole;
  if (may_be_cut() && random_.one_in(40)) return cut();
  if (lost_ && random_.one_in(10)) return call_again();
  switch (random_.up_to(19)) {
    case 0:
      return want(1 - side, file, side, "/send " + files_ / name_of(file));
    case 1:
      if (whole && random_.one_in(kModelFiles)) return type(side, "/get not-there");
      return want(side, file, side, "/get " + name_of(file));
    case 2:
      return whole ? type(side, "/cancel " + std::to_string(random_.up_to(12))) : void();
    case 3:
      if (whole) return type(side, "/cancel");
      return lost_ && random_.one_in(8) ? give_up() : void();
    case 4:
      return type(1, whole && random_.one_in(3) ? "/refuse" : "/accept");
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

void TalkModel::want(std::size_t getter, std::size_t file, std::size_t typist,
                     const std::string& line) {
  if (!seat(typist).talk.wants_input()) return;
  ++sides_[getter].wanted[file];
  type(typist, line);
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
  if (lost_) {  // what the one says who has not heard of it goes nowhere
    seat(side).take(most, now_);
    return;
  }
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
  if (lost_ && !visitor_.talk.over() && !desk_.talk.over()) call_again();
  const std::size_t before = sides_[0].arrived + sides_[1].arrived;
  for (const std::size_t side : {0U, 1U}) move(side, kMuch);
  const bool moved = sides_[0].arrived + sides_[1].arrived != before;
  for (const std::size_t side : {0U, 1U}) {
    seat(side).work(moved || seat(side).transfers.idle() ? milliseconds(0) : kSettleWork);
    seat(side).talk.tick(now_);
  }
}

bool TalkModel::quiet() const {
  const auto still = [](const Side& side) { return side.arrived == side.stream.size(); };
  return !lost_ && desk_.transfers.idle() && visitor_.transfers.idle() && still(sides_[0]) &&
         still(sides_[1]) && !sides_[0].stream.empty() && !sides_[1].stream.empty();
}

void TalkModel::check_files(std::size_t side, std::string& wrong) const {
  const TempDir& directory = side == 0 ? desk_directory_ : visitor_directory_;
  const std::set<std::string>& stored = sides_[side].stored;
  for (const std::string& name : names_below(directory.path())) {
    if (link_ == Link::cut && name.starts_with(".talk-")) continue;  // somebody gave up
    if (link_ == Link::whole && !stored.contains(name)) {
      wrong += name + " is there and was never called stored\n";
      continue;
    }
    const auto file = static_cast<std::size_t>(name.at(1) - '0');
    if (read_file(directory / name) != model_file(file)) wrong += name + " has other bytes\n";
  }
  for (const std::string& name : stored)
    if (!std::filesystem::exists(directory / name)) wrong += name + " was called stored\n";
}

// Each file that was asked for or sent is there, and not more often than that.
void TalkModel::check_copies(std::size_t side, std::string& wrong) const {
  const TempDir& directory = side == 0 ? desk_directory_ : visitor_directory_;
  std::map<std::size_t, std::size_t> copies;
  for (const std::string& name : names_below(directory.path()))
    if (!name.starts_with(".talk-")) ++copies[static_cast<std::size_t>(name.at(1) - '0')];
  for (std::size_t file = 0; file < kModelFiles; ++file) {
    const auto found = sides_[side].wanted.find(file);
    const std::size_t wanted = found == sides_[side].wanted.end() ? 0 : found->second;
    const bool missing = !gave_up_ && wanted > 0 && copies[file] == 0;
    if (missing || copies[file] > wanted)
      wrong += "of " + name_of(file) + ", wanted " + std::to_string(wanted) + " times, side " +
               std::to_string(side) + " has " + std::to_string(copies[file]) + "\n";
  }
}

// Whoever gives up leaves words unsaid, but none in the middle.
void TalkModel::check_words(std::size_t side, std::string& wrong) const {
  const auto& heard = (side == 0 ? visitor_ : desk_).screen.heard;
  std::vector<std::string> said = sides_[side].said;
  if (gave_up_) said.resize(std::min(said.size(), heard.size()));
  if (heard != said)
    wrong += std::to_string(said.size()) + " lines were said, " + std::to_string(heard.size()) +
             " were heard, or others\n";
}

std::string TalkModel::wrong() const {
  std::string wrong;
  for (const std::size_t side : {0U, 1U}) {
    check_words(side, wrong);
    check_files(side, wrong);
    if (link_ == Link::cut) check_copies(side, wrong);
  }
  if (gave_up_) return wrong;
  for (const TalkSeat* one : {&desk_, &visitor_})
    if (one->talk.outcome().code != Outcome::kFine) wrong += one->talk.outcome().reason + "\n";
  return wrong;
}

}  // namespace talk::test
