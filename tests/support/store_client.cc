#include "tests/support/store_client.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace talk::test {

std::string StoreClient::ask(const std::string& request, const std::string& ending) {
  peer_.forget();
  peer_.send(request + ending);
  EXPECT_TRUE(wait_until([&] {
    return peer_.received().find(ending) != std::string::npos || peer_.sees_end(milliseconds(0));
  })) << request.substr(0, 80);
  const std::string& reply = peer_.received();
  return reply.substr(0, reply.size() - std::min(reply.size(), ending.size()));
}

std::string StoreClient::ask_all(const std::string& requests) {
  peer_.forget();
  peer_.send(requests);
  const auto lines = std::ranges::count(requests, '\n');
  EXPECT_TRUE(wait_until([&] { return std::ranges::count(peer_.received(), '\n') == lines; }));
  return peer_.received();
}

}  // namespace talk::test
