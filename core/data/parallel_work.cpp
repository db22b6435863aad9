#include "core/data/parallel_work.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/error.h"

namespace weft {

void workInParallel(std::int64_t count, const std::function<void(std::int64_t)>& work, const DataProgress& progress)
{
    if (progress && !progress(0, count))
        throw Error(WEFT_TEXT("Data", "Opening the data was cancelled."));
    std::atomic<std::int64_t> nextItem = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    bool isCancelled = false;
    const auto drain = [&](bool isCaller) {
        try {
            for (std::int64_t i = nextItem++; i < count; i = nextItem++) {
                if (isCaller && progress && !progress(i, count)) {
                    isCancelled = true;
                    nextItem = count;
                    return;
                }
                work(i);
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure)
                failure = std::current_exception();
            nextItem = count;
        }
    };
    std::vector<std::jthread> helpers;
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    for (std::int64_t i = 1; i < std::min(cores, count / 8); ++i)
        helpers.emplace_back(drain, false);
    drain(true);
    helpers.clear();
    if (failure)
        std::rethrow_exception(failure);
    if (isCancelled)
        throw Error(WEFT_TEXT("Data", "Opening the data was cancelled."));
    if (progress)
        progress(count, count);
}

} // namespace weft
