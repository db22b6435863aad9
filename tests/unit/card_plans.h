#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <QtTest>

#include "core/engine/session.h"
#include "tests/unit/card.h"
#include "tests/unit/ops_fixture.h"

// What tests of passes for cards share: plans of a card, held against the reference kernels.

namespace weft {

/// Numbers in −1 … 1 that do not repeat.
inline std::vector<double> numbers(std::int64_t count, double seed)
{
    std::vector<double> all(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = std::sin(seed + 1.7 * static_cast<double>(i * i % 1009));
    return all;
}

inline SessionOptions onACard()
{
    SessionOptions options;
    options.device = DeviceKind::Cuda;
    options.threads = 1;
    return options;
}

class CardPlans {
protected:
    explicit CardPlans(std::int64_t samples) : m_samples(samples) {}

    /// Of a plan of a card with those of the reference kernels.
    void compare(OpBench& bench, const std::vector<Value>& fetches)
    {
        const std::vector<Numbers> expected = bench.values(fetches, m_samples);
        Session session(onACard());
        Plan& plan = session.plan(bench.graph, {m_samples, 1, fetches});
        remember(plan);
        const std::vector<Numbers> actual = bench.run(session, plan, fetches, m_samples);
        for (std::size_t i = 0; i < fetches.size(); ++i)
            QVERIFY2(agree(actual[i], expected[i], 1e-4), qPrintable(QStringLiteral("value %1").arg(i)));
    }
    void remember(const Plan& plan)
    {
        m_ops.clear();
        for (const PlanStep& step : plan.steps())
            m_ops.push_back(step.op);
    }
    // Of the plan that was made last.
    std::ptrdiff_t count(const char* op) const { return std::ranges::count(m_ops, op); }
    const std::vector<std::string>& ops() const { return m_ops; }

private:
    std::int64_t m_samples;
    std::vector<std::string> m_ops;
};

} // namespace weft
