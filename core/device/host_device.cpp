#include "core/device/host_device.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>

#include "core/base/error.h"

namespace weft {

namespace {

constexpr std::size_t cacheLine = 64;
constexpr std::size_t hugePage = std::size_t(2) << 20;

std::size_t roundedUp(std::size_t bytes, std::size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

class HostStopwatch : public Stopwatch {
public:
    void mark(std::size_t index) override
    {
        if (index >= m_marks.size())
            m_marks.resize(index + 1);
        m_marks[index] = std::chrono::steady_clock::now();
    }
    double seconds(std::size_t from, std::size_t to) override { return std::chrono::duration<double>(m_marks[to] - m_marks[from]).count(); }

private:
    std::vector<std::chrono::steady_clock::time_point> m_marks;
};

class HostDevice : public Device {
public:
    explicit HostDevice(DeviceKind kind) : m_kind(kind) {}

    DeviceKind kind() const override { return m_kind; }

    void* allocate(std::size_t bytes) override
    {
        // Large blocks lie on 2 MiB pages: a page fault for every 4 KiB would cost more than many a kernel.
        const bool isLarge = bytes >= hugePage;
        const std::size_t unit = isLarge ? hugePage : cacheLine;
        const std::size_t size = roundedUp(bytes > 0 ? bytes : 1, isLarge ? 4096 : cacheLine);
        void* memory = nullptr;
        if (posix_memalign(&memory, unit, size) != 0)
            throw Error(WEFT_TEXT("Device", "The memory is full: %1 MB more are needed. Choose a smaller batch or close other programs."),
                        size >> 20);
        if (isLarge)
            madvise(memory, size, MADV_HUGEPAGE);
        std::memset(memory, 0, size);
        return memory;
    }

    void free(void* memory, std::size_t) override { std::free(memory); }
    void copyFromHost(void* to, const void* from, std::size_t bytes) override { std::memcpy(to, from, bytes); }
    void copyToHost(void* to, const void* from, std::size_t bytes) override { std::memcpy(to, from, bytes); }
    void synchronize() override {}
    std::unique_ptr<Stopwatch> makeStopwatch() override { return std::make_unique<HostStopwatch>(); }

private:
    DeviceKind m_kind;
};

} // namespace

std::unique_ptr<Device> makeHostDevice(DeviceKind kind)
{
    return std::make_unique<HostDevice>(kind);
}

} // namespace weft
