#include "common/confine/capabilities.h"

#ifdef __linux__
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace talk {

#ifdef __linux__

bool drop_capabilities(const Rights& rights) {
  const std::uint32_t kept =
      rights.files == Rights::Files::none ? 0 : std::uint32_t{1} << CAP_DAC_OVERRIDE;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capget, &header, has) != 0) return false;
  if ((has[0].permitted & ~kept) == 0 && has[1].permitted == 0) return true;
  const std::uint32_t left = has[0].permitted & kept;
  const __user_cap_data_struct wanted[_LINUX_CAPABILITY_U32S_3] = {{left, left, 0}, {0, 0, 0}};
  return ::syscall(SYS_capset, &header, wanted) == 0;
}

#else

bool drop_capabilities(const Rights&) { return true; }

#endif

}  // namespace talk
