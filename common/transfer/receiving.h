// The files that come in during one session: offers taken, asked about or refused, and the word
// that a file is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/files/inbox.h"
#include "common/files/publish_group.h"
#include "common/transfer/declined.h"
#include "common/transfer/incoming_file.h"
#include "common/transfer/outbox.h"
#include "common/transfer/received_directories.h"
#include "common/transfer/requests.h"
#include "common/transfer/types.h"
#include "common/transfer/until_heard.h"
#include "common/wire/transfer_number.h"

namespace talk {

class Receiving : private IncomingFile::Owner {
 public:
  Receiving(const TransferOptions& options, TransferOutbox& out, Declined& declined,
            DiskThread& disk);

  void set_peer_comes_again(bool comes_again) { peer_comes_again_ = comes_again; }

  // From the peer. Each false or nothing where there is no such transfer.
  void many_offered(const Many& many);
  void offered(const Offer& offer);
  void data(TransferNumber number, std::string_view piece, Time now);
  void ended(const End& end);
  void refused(const Refuse& refuse) { requests_.refused(refuse); }
  void cancelled(const Cancel& cancel);
  void pong(const Pong& pong) { unheard_.pong(pong.payload); }

  // From the person.
  void get(const std::string& name) { requests_.want(name); }
  bool accept(std::optional<TransferNumber> number);
  bool refuse(std::optional<TransferNumber> number);
  bool answer_all(AnswerAll answer);                  // false: there is nothing to be answered
  bool cancel(std::optional<TransferNumber> number);  // none: the oldest

  // Asks for the next files that were to be got.
  void ask(TransferNumbers& numbers) { requests_.ask(numbers, open_.size()); }
  // Hands what has come to the disk, however little.
  void flush();
  // Ends directories of which all has come.
  void finish_directories() { directories_.finish_done(look_); }

  bool in_use(TransferNumber number) const {
    return asked_for(number) || find(number) || directories_.in_use(number);
  }
  bool asked_for(TransferNumber number) const { return requests_.asked_for(number); }
  bool idle() const {
    return open_.empty() && orphans_.empty() && directories_.empty() && requests_.idle() &&
           (declined_.all_said_again() || interrupted_.empty());
  }
  void views(std::vector<TransferView>& out, Time now) const;
  std::vector<OfferView> offers() const;  // that wait for the person's answer
  void describe(Time now) const;

  void end(bool link_lost, bool in_vain);
  void link_lost();
  void start_over(AfterLoss peer);

 private:
  using Ptr = std::shared_ptr<IncomingFile>;
  using State = IncomingFile::State;
  struct Closed {
    TransferNumber number = 0;
    std::uint64_t may_come = 0;  // bytes that the peer may have sent before it heard
  };
  struct Interrupted {
    Ptr file;
    TransferNumber number = 0;       // 0: the peer knows of none
    State state = State::receiving;  // when the link was lost
  };

  void opened(IncomingFile& file) override;
  void widened(IncomingFile& file) override;
  void stored(IncomingFile& file, const std::string& name) override;
  void failed(IncomingFile& file, const std::string& reason, bool mismatch) override;

  std::uint64_t session_limit() const;
  std::string session_refusal(std::uint64_t bytes, bool asked_for, std::size_t most_open) const;
  std::string refusal(const IncomingFile& file) const;
  std::string refusal(const Many& many) const;
  void look_up_name(IncomingFile& file);
  void ask_about(IncomingFile& file);
  void open(IncomingFile& file);
  // Each of these is the end of `file`.
  void fail(IncomingFile& file, const std::string& reason, bool refuse);
  void tell_end(const IncomingFile& file, State state, const std::string& why);
  void keep(IncomingFile& file);
  void discard(IncomingFile& file);
  // What went wrong with it, told by itself or with its directory.
  void tell_failure(const IncomingFile& file, const std::string& line);
  void decline(const IncomingFile& file);
  void tell_refused(const std::string& line, const std::string& reason);
  void drop_directory(TransferNumber number);
  ReceivedDirectories::UnderWay under_way(TransferNumber directory) const;
  void forget(IncomingFile& file);
  void close(TransferNumber number, std::uint64_t may_come);
  void begin_anew(IncomingFile& file, const std::string& reason);
  bool is_to_begin_anew(const IncomingFile& file);
  void interrupt(const Ptr& file);
  Interrupted give_up(const std::deque<Interrupted>::iterator& at);
  bool was_interrupted(const IncomingFile& file);
  bool interrupted_is_cancelled(const Cancel& cancel);
  bool cancel_interrupted(std::optional<TransferNumber> number);
  void forget_stored();
  void late_data(TransferNumber number, std::size_t count);
  bool is_orphan(const IncomingFile& file) const;
  std::string place(const std::string& name) const;
  Ptr find(TransferNumber number) const;
  Ptr find_asked(std::optional<TransferNumber> number) const;
  std::optional<AnswerAll> answer_before();

  const TransferOptions& options_;
  TransferOutbox& out_;
  Declined& declined_;
  DiskThread& disk_;
  std::shared_ptr<Inbox> inbox_;
  std::string no_inbox_;  // why there is none
  std::optional<AnswerAll> for_all_;
  Time answered_all_at_{};
  bool peer_comes_again_ = false;  // and then is not to bring what is stored
  std::shared_ptr<PublishGroup> publish_group_ = std::make_shared<PublishGroup>();
  Requests requests_{out_};
  ReceivedDirectories directories_{out_, declined_,
                                   [this](const std::string& name) { return place(name); }};
  const ReceivedDirectories::Look look_ = [this](auto number) { return under_way(number); };
  std::vector<Ptr> open_;     // in the order in which they came
  std::vector<Ptr> orphans_;  // finishing, though the link over which they came is gone
  // Stored, and remembered on the disk until their sender has heard so: else it could come again
  // with one, and have it stored twice.
  UntilHeard<Ptr> unheard_{out_, "talk-stored-", [](const Ptr& file) { file->discard(); }};
  std::deque<Closed> closed_;
  // Refused because the part that they began with was of another file: they begin at zero when they
  // are offered again.
  std::deque<Ptr> to_begin_anew_;
  std::deque<Interrupted> interrupted_;  // by a lost link, and not offered again yet
  std::uint64_t taken_ = 0;              // bytes of the files accepted in this session
};

}  // namespace talk
