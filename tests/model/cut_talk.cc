#include "tests/model/cut_talk.h"

#include <algorithm>
#include <filesystem>

#include "tests/support/linked_transfers.h"

namespace talk::test {
namespace {

constexpr seconds kPatience{600};
constexpr std::size_t kFile = 3'000;  // bytes
constexpr const char* kNames[] = {"from-desk.bin", "from-visitor.bin"};

std::string line_of(std::size_t side, std::size_t number) {
  return (side == 0 ? "desk " : "visitor ") + std::to_string(number);
}

std::string file_of(std::size_t side) { return noise(kFile, static_cast<unsigned>(side)); }

}  // namespace

CutTalk::CutTalk(std::deque<std::uint64_t> cuts, unsigned seed)
    : random_({}, seed),
      desk_({talk::Role::handler, desk_directory_.path().string(), "", false, kPatience}, now_),
      visitor_({talk::Role::client, visitor_directory_.path().string(), "", false, kPatience},
               now_),
      cuts_(std::move(cuts)) {
  for (const std::size_t side : {0U, 1U}) write_file(files_ / kNames[side], file_of(side));
}

void CutTalk::type_some() {
  for (const std::size_t side : {0U, 1U}) {
    Side& one = sides_[side];
    for (std::size_t more = random_.up_to(4); more > 0 && one.typed < kLines; --more) {
      if (!seat(side).talk.wants_input()) break;
      if (one.typed == kLines / 4) seat(side).type("/send " + (files_ / kNames[side]), now_);
      seat(side).type(line_of(side, one.typed++), now_);
    }
  }
}

// Whatever is under way is lost. The desk may hear of it only when it is called again.
void CutTalk::cut() {
  cuts_.pop_front();
  since_cut_ = 0;
  ++made_;
  for (Side& side : sides_) side.under_way.clear();
  if (random_.one_in(2))
    visitor_.talk.link_failed(ECONNRESET, now_);
  else
    visitor_.talk.receive_end(now_);
  if (random_.one_in(3)) desk_.talk.receive_end(now_);
  if (random_.one_in(3)) desk_.talk.link_failed(ETIMEDOUT, now_);
  if (random_.one_in(2)) type_some();
  if (desk_.talk.over() || visitor_.talk.over()) return;
  if (!visitor_.talk.new_link("10.0.0.8", now_)) return;
  if (!desk_.talk.new_link("10.0.0.9", now_)) desk_.talk.leave("it did not go on", now_);
}

void CutTalk::carry(std::size_t side) {
  Side& from = sides_[side];
  TalkSeat& to = seat(1 - side);
  from.under_way += seat(side).take(random_.up_to(700), now_);
  std::size_t most = random_.up_to(400);
  if (!cuts_.empty()) most = std::min<std::uint64_t>(most, cuts_.front() - since_cut_);
  const std::size_t count = std::min(most, from.under_way.size());
  if (count > 0 && to.talk.wants_to_read()) {
    to.talk.receive(std::string_view(from.under_way).substr(0, count), now_);
    from.under_way.erase(0, count);
    carried_ += count;
    since_cut_ += count;
  }
  const bool ended = seat(side).talk.take_half_close() || seat(side).talk.over();
  from.ended |= ended;
  if (from.ended && from.under_way.empty() && !to.talk.over()) to.talk.receive_end(now_);
  if (!cuts_.empty() && since_cut_ >= cuts_.front()) cut();
}

// A person who leaves while words are not known to be heard calls nobody again, and is told so.
bool CutTalk::all_said() const {
  return sides_[0].typed == kLines && sides_[1].typed == kLines && desk_.transfers.idle() &&
         visitor_.transfers.idle() && visitor_.screen.heard.size() >= kLines &&
         desk_.screen.heard.size() >= kLines && !visitor_.screen.status.lost_for &&
         visitor_.screen.status.unheard == 0;
}

bool CutTalk::run() {
  constexpr int kMostTurns = 20'000;
  bool bye = false;
  for (int turn = 0; turn < kMostTurns && !(desk_.talk.over() && visitor_.talk.over()); ++turn) {
    // A cut behind the visitor's bye: the desk waits in vain.
    const bool in_vain = visitor_.talk.over() && !desk_.talk.has_link();
    now_ += in_vain ? kPatience : milliseconds(10);
    type_some();
    for (const std::size_t side : {0U, 1U}) carry(side);
    for (const std::size_t side : {0U, 1U}) {
      const bool idle = seat(side).transfers.idle();
      const bool waits = sides_[0].under_way.empty() && sides_[1].under_way.empty() && !idle;
      seat(side).work(waits ? milliseconds(1) : milliseconds(0));
      seat(side).talk.tick(now_);
    }
    if (!bye && all_said()) {
      bye = true;
      visitor_.type("/bye", now_);
    }
  }
  return desk_.talk.over() && visitor_.talk.over();
}

std::string CutTalk::wrong() const {
  std::string wrong;
  for (const std::size_t side : {0U, 1U}) {
    std::vector<std::string> said;
    for (std::size_t i = 0; i < kLines; ++i) said.push_back(line_of(side, i));
    const auto& heard = (side == 0 ? visitor_ : desk_).screen.heard;
    if (heard != said)
      wrong += "of side " + std::to_string(side) + " " + std::to_string(heard.size()) +
               " lines were heard, or others\n";
    const TempDir& directory = side == 0 ? visitor_directory_ : desk_directory_;
    const std::vector<std::string> names = names_below(directory.path());
    if (names != std::vector<std::string>{kNames[side]}) {
      wrong += "other files are there:";
      for (const std::string& name : names) wrong += " " + name;
      wrong += "\n";
    } else if (read_file(directory / kNames[side]) != file_of(side)) {
      wrong += std::string(kNames[side]) + " has other bytes\n";
    }
  }
  if (visitor_.talk.outcome().code != Outcome::kFine)
    wrong += visitor_.talk.outcome().reason + "\n";
  return wrong;
}

}  // namespace talk::test
