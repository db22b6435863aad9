#pragma once

#include <optional>

#include "core/device/cuda/dnn_graph.h"

namespace weft {

/// What a way to run a graph must not do. None may give other bits in another run, or add up in fewer bits than float32.
struct DnnRules {
    bool mayRound = false; ///< factors of float32 to TF32, on their way to tensor cores
    bool mayConvert = false; ///< factors of float32 to 16 bits
    std::size_t mostScratch = std::size_t(1) << 30; ///< bytes
};

/// A graph as cuDNN runs it.
class DnnPlan {
public:
    /// `origins` are what the plan was made of; cuDNN does not say for how long it needs them.
    explicit DnnPlan(DnnDescriptor plan, std::vector<std::shared_ptr<const DnnDescriptor>> origins = {});

    std::size_t scratchBytes() const { return m_scratchBytes; }
    /// Whether cuDNN compiled it, which takes seconds.
    bool isCompiled() const;
    /// As cuDNN writes it down, with what it compiled: for a card like this, and this version.
    std::string text() const { return m_plan.text(CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION); }
    /// Null where cuDNN does not take it.
    static std::optional<DnnPlan> fromText(const std::string& text, const DnnTarget& target);
    /// `arrays` are those in memory, in the order of the graph. May be recorded.
    void run(cudnnHandle_t handle, const DnnGraph& graph, std::span<void* const> arrays, void* scratch) const;

private:
    std::vector<std::shared_ptr<const DnnDescriptor>> m_origins;
    DnnDescriptor m_plan;
    std::size_t m_scratchBytes;
};

/// The ways that cuDNN proposes to run a graph, those that it thinks fastest first. The graph has to outlive it.
class DnnProposals {
public:
    DnnProposals(const DnnGraph& graph, const DnnTarget& target, const DnnRules& rules);

    std::size_t count() const { return m_configurations.size(); }
    /// Null where it would break the rules or turns out not to work. Once for each: for some cards cuDNN compiles none twice.
    std::optional<DnnPlan> plan(std::size_t i) const;
    /// The first that there is, also of those that always work.
    std::optional<DnnPlan> firstPlan();

private:
    void propose(cudnnBackendHeurMode_t mode);
    bool keepsRules(const DnnDescriptor& engine) const;

    DnnTarget m_target;
    DnnRules m_rules;
    std::shared_ptr<const DnnDescriptor> m_graph; ///< null: there are no ways
    std::vector<std::shared_ptr<const DnnDescriptor>> m_configurations;
};

} // namespace weft
