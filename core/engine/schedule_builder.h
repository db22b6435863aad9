#pragma once

#include <map>
#include <vector>

#include "core/device/kernel_table.h"
#include "core/engine/kernel_choice.h"
#include "core/engine/schedule.h"
#include "core/engine/session.h"
#include "core/engine/variable_store.h"

namespace weft {

/// Turns a graph into a schedule: picks the ops that are needed, chooses kernels and layouts in
/// program order, inserts reorders, shares memory between values and plans the arena.
class ScheduleBuilder {
public:
    /// Without `variables` the schedule has no addresses of them, which is enough to know what it needs.
    ScheduleBuilder(const Graph& graph, const PlanRequest& request, const SessionOptions& options, const VariableStore* variables,
                    const KernelTable& table);

    /// Throws Error when the device lacks a kernel (names op and layer).
    Schedule build();

private:
    /// What is known about one value while the schedule grows.
    struct ValueState {
        std::vector<int> instances; ///< the layouts it is available in, the producer's own first
        int lastUse = -1; ///< index of the last op that reads it
        int overwritten = 0; ///< index of the first op that overwrites it (variables)
    };

    void findUses();
    void addOp(int index);
    void addKernel(int index);
    void addView(int index);
    bool isAlias(const Instance& from, const Op& op, int index) const;

    KernelChoice choose(const Op& op);
    bool isKept(const Op& op);
    /// Whether it changes only when variables are written between two runs.
    bool isConstant(const Instance& of) const;
    bool isConstant(const Value& value);
    int outputInstance(const Op& op, int index, int output, Layout layout, const Step& step, bool isKept);
    int reusableInput(const Op& op, int index, const Array& output, const Step& step) const;

    /// The instance of `value` in `layout`; appends a reorder where there is none yet, and another lies differently.
    int instanceIn(const Value& value, Layout layout);
    const std::vector<int>& instancesOf(const Value& value);
    int appendReorder(const Value& value, int from, Layout layout);
    /// A plugin's device brings reorders as kernels of the op "Reorder"; host memory has its own.
    std::unique_ptr<Kernel> reorderKernel(const Array& from, Layout to) const;
    int newInstance(const Value& value, Layout layout, int buffer);
    int newBuffer(Place place, std::size_t bytes);
    void append(Step step, bool isKept);
    void planArena();

    ArrayType typeOf(const Value& value) const;
    double multiplyAdds(const Op& op) const;
    ValueState& state(const Value& value) { return m_values[static_cast<std::size_t>(value.id())]; }
    const ValueState& state(const Value& value) const { return m_values[static_cast<std::size_t>(value.id())]; }
    Instance& instance(int index) { return m_schedule.instances[static_cast<std::size_t>(index)]; }
    const Instance& instance(int index) const { return m_schedule.instances[static_cast<std::size_t>(index)]; }
    Buffer& bufferOf(const Instance& of) { return m_schedule.buffers[static_cast<std::size_t>(of.buffer)]; }
    const Buffer& bufferOf(const Instance& of) const { return m_schedule.buffers[static_cast<std::size_t>(of.buffer)]; }

    const Graph& m_graph;
    const PlanRequest& m_request;
    const SessionOptions& m_options;
    const VariableStore* m_variables;
    const KernelTable& m_table;
    std::vector<const Op*> m_ops;
    std::vector<ValueState> m_values;
    std::vector<int> m_lastReader; ///< for each buffer the last op that reads a value in it
    std::map<Extents, Layout> m_usualLayouts; ///< in which the last array of these extents was made: a gradient meets what it is of
    Schedule m_schedule;
};

} // namespace weft
