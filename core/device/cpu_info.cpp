#include "core/device/cpu_info.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include <omp.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/device/cpu/simd.h"

namespace weft {

namespace {

std::string firstLine(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// The folders of this process' control group, innermost first, where version 2 is mounted.
std::vector<std::string> controlGroupFolders()
{
    std::ifstream file("/proc/self/cgroup");
    std::string group;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("0::", 0) == 0)
            group = line.substr(3);
    }
    std::vector<std::string> folders;
    while (group.size() > 1) {
        folders.push_back("/sys/fs/cgroup" + group);
        group.erase(group.rfind('/'));
    }
    folders.push_back("/sys/fs/cgroup");
    return folders;
}

std::optional<double> number(const std::string& text)
{
    std::istringstream in(text);
    double value = 0;
    if (in >> value)
        return value;
    return std::nullopt;
}

/// The processor share that control groups grant, in cores; nothing when unlimited.
std::optional<double> grantedCores()
{
    std::optional<double> granted;
    const auto lower = [&](std::optional<double> quota, std::optional<double> period) {
        if (quota && period && *quota > 0 && *period > 0)
            granted = granted ? std::min(*granted, *quota / *period) : *quota / *period;
    };
    for (const std::string& folder : controlGroupFolders()) {
        std::istringstream line(firstLine(folder + "/cpu.max"));
        std::string quota;
        std::string period;
        line >> quota >> period;
        lower(number(quota), number(period));
    }
    lower(number(firstLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")), number(firstLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us")));
    return granted;
}

/// What the user allows OpenMP by OMP_NUM_THREADS. It is read here because oneDNN's setting changes what
/// omp_get_max_threads says.
std::optional<int> allowedThreads()
{
    const char* text = std::getenv("OMP_NUM_THREADS");
    int allowed = 0;
    if (text && std::from_chars(text, text + std::strlen(text), allowed).ec == std::errc() && allowed > 0)
        return allowed;
    return std::nullopt;
}

} // namespace

std::string cpuName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(':');
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos && colon + 2 <= line.size())
            return line.substr(colon + 2);
    }
    return "CPU";
}

bool cpuMultipliesBFloat16()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

bool cpuIsSupported()
{
#if defined(__x86_64__)
    return simdLevel() != SimdLevel::Baseline;
#else
    return true;
#endif
}

int usableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    int cores = static_cast<int>(std::thread::hardware_concurrency());
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        cores = CPU_COUNT(&set);
    if (const std::optional<double> granted = grantedCores())
        cores = std::min(cores, static_cast<int>(std::ceil(*granted)));
    return std::max(std::min({cores, omp_get_thread_limit(), allowedThreads().value_or(cores)}), 1);
}

namespace {

/// The number behind `key` in a file of lines such as "MemAvailable:  123 kB" or "inactive_file 123".
std::optional<double> entry(const std::string& path, const std::string& key)
{
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(key, 0) == 0)
            return number(line.substr(key.size()));
    }
    return std::nullopt;
}

/// The folder of this process' control group of memory, where version 1 is mounted.
std::string firstVersionMemoryFolder()
{
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const std::size_t at = line.find(":memory:");
        if (at != std::string::npos)
            return "/sys/fs/cgroup/memory" + line.substr(at + 8);
    }
    return "/sys/fs/cgroup/memory";
}

/// What the limit of a control group leaves; the cache of files counts as free, since it gives way.
std::optional<double> leftInGroup(const std::string& limitFile, const std::string& usedFile, const std::string& statistics, const std::string& cache)
{
    const std::optional<double> limit = number(firstLine(limitFile));
    const std::optional<double> used = number(firstLine(usedFile));
    if (!limit || !used)
        return std::nullopt;
    return *limit - *used + entry(statistics, cache).value_or(0.0);
}

/// What `ulimit -v` leaves of the address space.
std::optional<double> leftOfAddressSpace()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::nullopt;
    const double used = number(firstLine("/proc/self/statm")).value_or(0.0) * static_cast<double>(sysconf(_SC_PAGESIZE));
    return static_cast<double>(limit.rlim_cur) - used;
}

} // namespace

std::size_t availableMemory()
{
    constexpr double kilobyte = 1024;
    const std::optional<double> free = entry("/proc/meminfo", "MemAvailable:");
    double bytes = free ? *free * kilobyte : static_cast<double>(usableMemory());
    const auto atMost = [&](const std::optional<double>& limit) { bytes = limit ? std::min(bytes, *limit) : bytes; };
    for (const std::string& folder : controlGroupFolders())
        atMost(leftInGroup(folder + "/memory.max", folder + "/memory.current", folder + "/memory.stat", "inactive_file "));
    for (const std::string& folder : {firstVersionMemoryFolder(), std::string("/sys/fs/cgroup/memory")})
        atMost(leftInGroup(folder + "/memory.limit_in_bytes", folder + "/memory.usage_in_bytes", folder + "/memory.stat", "total_inactive_file "));
    atMost(leftOfAddressSpace());
    return static_cast<std::size_t>(std::max(bytes, 0.0));
}

std::size_t usableMemory()
{
    double bytes = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
    for (const std::string& folder : controlGroupFolders()) {
        if (const std::optional<double> limit = number(firstLine(folder + "/memory.max")))
            bytes = std::min(bytes, *limit);
    }
    if (const std::optional<double> limit = number(firstLine("/sys/fs/cgroup/memory/memory.limit_in_bytes")))
        bytes = std::min(bytes, *limit);
    return static_cast<std::size_t>(bytes);
}

} // namespace weft
