// The line or block with which a balancer begins a connection, to say for whom it calls: the PROXY
// protocol of HAProxy, versions 1 and 2 (its doc/proxy-protocol.txt). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "common/posix/address.h"

namespace talk {

// What came is no such header, or a broken one.
struct ProxyError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ProxyHeader {
  // The visitor's address and the one it called. None where the balancer speaks for itself (LOCAL)
  // or does not say it as an IP address (UNKNOWN, UNSPEC, Unix sockets).
  struct Ends {
    Address source;
    Address destination;
  };
  std::optional<Ends> ends;
};

// How many bytes behind these, which begin a connection, are the header's for certain: what belongs
// to the visitor is never read with it. 0: it is complete. Throws ProxyError as soon as it cannot
// become one.
std::size_t proxy_bytes_wanted(std::string_view begun);

// Of a complete header. Throws ProxyError.
ProxyHeader read_proxy_header(std::string_view header);

}  // namespace talk
