#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/training/step_graph.h"

namespace weft {

/// What a worker is told by rank 0, and tells with its gradient. Sent as numbers.
struct Errand {
    double isWork = 1; ///< 0: go home
    double serial = 0; ///< no two errands of a run have the same
    double epoch = 0, batch = 0, part = 0, parts = 1;
    double step = 0; ///< as randomness counts them
    double version = 0; ///< updates that the weights have seen
    double loss = 0, correct = 0, samples = 0; ///< of the answer
};

inline std::span<const double> numbersOf(const Errand& errand)
{
    return {&errand.isWork, sizeof(Errand) / sizeof(double)};
}

inline Errand errandOf(const std::vector<double>& numbers)
{
    Errand errand;
    std::copy_n(numbers.begin(), std::min(numbers.size(), sizeof(Errand) / sizeof(double)), &errand.isWork);
    return errand;
}

/// What rank 0 tells the other servers. They do it in the order in which it was told, so that the weights that a worker gets from all
/// servers for an errand have seen the same updates. Workers send each server its part of a gradient, with the errand's serial.
struct ServerOrder {
    enum class Kind {
        Update, ///< with the gradients of `parts`
        Forget, ///< the gradients of `parts`
        Give, ///< the weights to the worker `rank`
        Tell, ///< rank 0 all variables
        Take, ///< all variables, which are the order's body
        End
    };
    struct Part {
        double serial = 0; ///< of the errand
        double share = 0; ///< of the batch
    };
    Kind kind = Kind::End;
    int rank = 0;
    std::int64_t step = 0; ///< of the update, as its numbers
    double learningRate = 0, averageKept = 0, averageShare = 0;
    std::vector<Part> parts = {};

    std::vector<double> numbers() const
    {
        std::vector<double> all{static_cast<double>(kind), static_cast<double>(rank), static_cast<double>(step), learningRate, averageKept, averageShare};
        for (const Part& part : parts)
            all.insert(all.end(), {part.serial, part.share});
        return all;
    }
    static ServerOrder of(const std::vector<double>& numbers)
    {
        ServerOrder order{static_cast<Kind>(numbers.at(0)), static_cast<int>(numbers.at(1)), static_cast<std::int64_t>(numbers.at(2)), numbers.at(3),
                          numbers.at(4),                    numbers.at(5)};
        for (std::size_t i = 6; i + 1 < numbers.size(); i += 2)
            order.parts.push_back({numbers[i], numbers[i + 1]});
        return order;
    }
};

/// Arrays that letters are received in. What is given back has the room of a letter already.
class SpareArrays {
public:
    std::vector<float> take()
    {
        if (m_arrays.empty())
            return {};
        std::vector<float> array = std::move(m_arrays.back());
        m_arrays.pop_back();
        return array;
    }
    void give(std::vector<float> array) { m_arrays.push_back(std::move(array)); }

private:
    std::vector<std::vector<float>> m_arrays;
};

/// The gradients of a lowered network, ready to run.
struct GradientStep {
    explicit GradientStep(const TrainingJob& job) : GradientStep(lower(job.network, {Mode::Train, true})) {}
    explicit GradientStep(Lowered lowered) : gradients(buildGradientGraph(lowered)), graph(std::move(lowered), gradients.metrics, {})
    {
        graph.fetches.insert(graph.fetches.end(), gradients.gradients.begin(), gradients.gradients.end());
    }

    GradientGraph gradients;
    StepGraph graph;
};

} // namespace weft
