#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <QtTest>

#include "core/engine/session.h"
#include "tests/unit/card.h"

// Graphs of elementwise ops with numbers for their inputs, for the tests of chains.

namespace chain_bench {

using namespace weft;

constexpr std::int64_t samples = 3;
inline const Shape rows{Dim::batch(), 5, 7};

inline SessionOptions on(DeviceKind device, Precision precision = Precision::Float32, const std::string& withoutKernels = {})
{
    SessionOptions options;
    options.device = device;
    options.threads = 1;
    options.seed = 5;
    options.precision = precision;
    options.withoutKernels = withoutKernels;
    return options;
}

/// Numbers of all kinds, with some that are none.
inline std::vector<float> numbersOf(const Value& value)
{
    std::vector<float> numbers(static_cast<std::size_t>(elementCount(value.shape().at(samples))));
    const float odd[]
        = {0.0f,   -0.0f, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(),
           1e-42f, 90.0f};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t key = i * 31 + static_cast<std::size_t>(value.id()) * 17;
        numbers[i] = key % 11 < 3 ? odd[key / 11 % std::size(odd)] : static_cast<float>(key * 37 % 101) / 25 - 2;
    }
    return numbers;
}

using Results = std::vector<std::vector<float>>;

inline bool areSameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool areNone = std::isnan(a[i]) && std::isnan(b[i]);
        if (!areNone && std::memcmp(&a[i], &b[i], sizeof(float)) != 0)
            return false;
    }
    return a.size() == b.size();
}

/// A graph with numbers for its inputs.
struct Bench {
    Graph graph;

    Value input(const Shape& shape = rows) { return graph.input("x" + std::to_string(graph.inputs().size()), {DType::Float32, shape}); }

    Results values(const std::vector<Value>& fetches, const SessionOptions& options)
    {
        Session session(options);
        Plan& plan = session.plan(graph, {samples, 1, fetches});
        ops.clear();
        for (const PlanStep& step : plan.steps())
            ops.push_back(step.op);
        Results fed, results;
        std::vector<const void*> feeds;
        std::vector<void*> pointers;
        for (const Value& value : graph.inputs())
            fed.push_back(numbersOf(value));
        for (const Value& fetch : fetches)
            results.emplace_back(static_cast<std::size_t>(elementCount(fetch.shape().at(samples))));
        for (const auto& numbers : fed)
            feeds.push_back(numbers.data());
        for (auto& numbers : results)
            pointers.push_back(numbers.data());
        session.run(plan, feeds, pointers, {5, 3, nullptr});
        return results;
    }
    qsizetype count(const char* op) const { return std::count(ops.begin(), ops.end(), op); }

    std::vector<std::string> ops; ///< of the last plan
};

} // namespace chain_bench
