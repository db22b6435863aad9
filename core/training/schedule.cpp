#include "core/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace weft {

namespace {

/// Where a run stands, in the units of schedules.
struct Position {
    std::int64_t step = 0; ///< done before this one
    std::int64_t epoch = 0; ///< done
    double exactEpoch = 0;
    std::int64_t totalEpochs = 1;
    std::int64_t totalSteps = 1;
};

/// From `from` at 0 to `to` at 1, along half a cosine.
double cosineBetween(double from, double to, double share)
{
    return to + (from - to) * (1.0 + std::cos(std::numbers::pi * share)) / 2.0;
}

double powerOf(double gamma, std::int64_t times)
{
    return std::pow(gamma, static_cast<double>(times));
}

double constantRate(const ScheduleSettings&, double base, const Position&, const MonitorHistory&)
{
    return base;
}

double stepRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    return base * powerOf(s.gamma, at.epoch / s.stepEpochs);
}

double multistepRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    return base * powerOf(s.gamma, std::count_if(s.milestones.begin(), s.milestones.end(), [&](std::int64_t m) { return m <= at.epoch; }));
}

double exponentialRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    return base * powerOf(s.gamma, at.epoch);
}

double polynomialRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    const double total = static_cast<double>(s.epochs > 0 ? s.epochs : at.totalEpochs);
    const double left = 1.0 - std::min(at.exactEpoch / total, 1.0);
    return s.minimumRate + (base - s.minimumRate) * std::pow(left, s.power);
}

double cosineRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    double period = static_cast<double>(s.epochs > 0 ? s.epochs : at.totalEpochs);
    double inPeriod = at.exactEpoch;
    if (s.periodFactor == 1) {
        inPeriod = std::fmod(inPeriod, period);
    } else {
        while (inPeriod >= period) {
            inPeriod -= period;
            period *= static_cast<double>(s.periodFactor);
        }
    }
    return cosineBetween(base, s.minimumRate, inPeriod / period);
}

double oneCycleRate(const ScheduleSettings& s, double base, const Position& at, const MonitorHistory&)
{
    const double last = static_cast<double>(at.totalSteps) - 1.0;
    const double peak = s.peakShare * static_cast<double>(at.totalSteps) - 1.0;
    const double first = base / s.divisor;
    const double step = std::min(static_cast<double>(at.step), last);
    if (step <= peak)
        return cosineBetween(first, base, peak > 0.0 ? step / peak : 1.0);
    return cosineBetween(base, first / s.finalDivisor, (step - peak) / std::max(last - peak, 1.0));
}

/// The best number so far. The first is better than none; NaN and infinity never are.
class Best {
public:
    explicit Best(bool isHigherBetter) : m_isHigherBetter(isHigherBetter) {}
    double number() const { return m_number; }
    /// Takes `value` when it is better than the best by more than `margin`, and says whether it was.
    bool improves(double value, double margin)
    {
        const bool isBetter = std::isfinite(value) && (!m_isThere || (m_isHigherBetter ? value > m_number + margin : value < m_number - margin));
        if (isBetter) {
            m_number = value;
            m_isThere = true;
        }
        return isBetter;
    }

private:
    bool m_isHigherBetter;
    bool m_isThere = false;
    double m_number = 0;
};

double plateauRate(const ScheduleSettings& s, double base, const Position&, const MonitorHistory& history)
{
    double rate = base;
    Best best(history.isHigherBetter);
    std::int64_t bad = 0;
    std::int64_t cooldown = 0;
    for (const double value : history.values) {
        bad = best.improves(value, std::abs(best.number()) * s.threshold) ? 0 : bad + 1;
        if (cooldown > 0) {
            --cooldown;
            bad = 0;
        }
        if (bad > s.patience) {
            rate = std::max(rate * s.gamma, s.minimumRate);
            cooldown = s.cooldown;
            bad = 0;
        }
    }
    return rate;
}

struct ScheduleType {
    const char* name;
    double (*rate)(const ScheduleSettings&, double base, const Position&, const MonitorHistory&);
};

constexpr ScheduleType types[]
    = {{"constant", constantRate},     {"step", stepRate},     {"multistep", multistepRate}, {"exponential", exponentialRate},
       {"polynomial", polynomialRate}, {"cosine", cosineRate}, {"oneCycle", oneCycleRate},   {"plateau", plateauRate}};

} // namespace

const std::vector<std::string>& scheduleTypes()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const ScheduleType& type : types)
            all.emplace_back(type.name);
        return all;
    }();
    return names;
}

double scheduledRate(const ScheduleSettings& schedule, double base, const RunLength& length, std::int64_t step, const MonitorHistory& history)
{
    const std::int64_t done = std::max<std::int64_t>(step - 1, 0);
    const std::int64_t perEpoch = length.stepsPerEpoch;
    const Position at{done, done / perEpoch, static_cast<double>(done) / static_cast<double>(perEpoch), length.epochs, length.epochs * perEpoch};
    const auto type = std::find_if(std::begin(types), std::end(types), [&](const ScheduleType& t) { return t.name == schedule.type; });
    const double rate = (type == std::end(types) ? constantRate : type->rate)(schedule, base, at, history);
    const double warmth = schedule.warmupSteps > 0 ? std::min(1.0, static_cast<double>(step) / static_cast<double>(schedule.warmupSteps)) : 1.0;
    return rate * warmth;
}

std::int64_t epochsWithoutImprovement(const MonitorHistory& history, double minimumDelta)
{
    Best best(history.isHigherBetter);
    std::int64_t without = 0;
    for (const double value : history.values)
        without = best.improves(value, minimumDelta) ? 0 : without + 1;
    return without;
}

} // namespace weft
