// How long the ranks of an MPI job take to add up 100 MB, against one memcpy of as much. `tests/bench/ranks` starts it
// by mpirun and reads what rank 0 prints: for each format (all, or those that are named) milliseconds of the memcpy and
// of the sum.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <vector>

#include "core/device/collectives.h"

using namespace weft;

namespace {

constexpr std::int64_t floats = 25'000'000;
constexpr int rounds = 15;

template <class Work> double milliseconds(const Work& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void meet(Collectives& ranks)
{
    std::array<double, 1> nothing{};
    ranks.sum(nothing);
}

void measure(Collectives& ranks, const char* name)
{
    std::vector<float> data(floats, 0.0f);
    std::vector<float> copy(floats, 0.0f);
    std::vector<double> copies, sums;
    for (int round = 0; round < rounds; ++round) {
        meet(ranks);
        copies.push_back(milliseconds([&] { std::memcpy(copy.data(), data.data(), floats * sizeof(float)); }));
        meet(ranks);
        sums.push_back(milliseconds([&] {
            ranks.startSum(data.data(), floats, wireFormat(name));
            ranks.finishSum(data.data());
        }));
    }
    if (ranks.rank() == 0)
        std::printf("%s %.2f %.2f\n", name, median(copies), median(sums));
}

} // namespace

int main(int count, char** words)
{
    try {
        const std::unique_ptr<Collectives> ranks = joinRanks({});
        const std::vector<const char*> all{"none", "bfloat16", "float16"};
        const std::vector<const char*> named(words + 1, words + count);
        for (const char* name : named.empty() ? all : named)
            measure(*ranks, name);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
