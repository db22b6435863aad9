#include "core/engine/schedule_builder.h"

#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/device/cpu/reorder.h"
#include "core/device/reorder_cost.h"
#include "core/engine/passes/rewrite.h"

namespace weft {

namespace {

constexpr int never = std::numeric_limits<int>::max();
/// Results of constants above this size are computed at each run rather than kept.
constexpr std::size_t largestKeptResult = std::size_t(64) << 10;

std::size_t aligned(std::size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

} // namespace

ScheduleBuilder::ScheduleBuilder(const Graph& graph, const PlanRequest& request, const SessionOptions& options, const VariableStore* variables,
                                 const KernelTable& table) :
    m_graph(graph),
    m_request(request), m_options(options), m_variables(variables), m_table(table), m_values(static_cast<std::size_t>(graph.valueCount()))
{
}

Schedule ScheduleBuilder::build()
{
    m_ops = neededOps(m_graph, m_request.fetches, m_request.withEffects);
    findUses();
    for (int i = 0; i < static_cast<int>(m_ops.size()); ++i)
        addOp(i);
    for (const Value& fetch : m_request.fetches)
        m_schedule.fetches.push_back(instanceIn(fetch, Layout::RowMajor));
    planArena();
    return std::move(m_schedule);
}

void ScheduleBuilder::findUses()
{
    for (ValueState& value : m_values)
        value.overwritten = never;
    for (int i = 0; i < static_cast<int>(m_ops.size()); ++i) {
        const Op& op = *m_ops[static_cast<std::size_t>(i)];
        for (const Value& input : op.inputs())
            state(input).lastUse = i;
        for (const int mutated : op.mutatedInputs()) {
            ValueState& variable = state(op.input(mutated));
            variable.overwritten = std::min(variable.overwritten, i);
        }
    }
    for (const Value& fetch : m_request.fetches)
        state(fetch).lastUse = never;
}

void ScheduleBuilder::addOp(int index)
{
    const Op& op = *m_ops[static_cast<std::size_t>(index)];
    if (op.spec().isView)
        addView(index);
    else
        addKernel(index);
    // Copies of a variable in other layouts are stale once it has been overwritten.
    for (const int mutated : op.mutatedInputs()) {
        std::vector<int>& instances = state(op.input(mutated)).instances;
        std::erase_if(instances, [&](int i) { return bufferOf(instance(i)).place != Place::Variable; });
    }
}

bool ScheduleBuilder::isAlias(const Instance& from, const Op& op, int index) const
{
    const Buffer& buffer = bufferOf(from);
    const int lastUse = state(op.output()).lastUse;
    if (buffer.place == Place::Variable) {
        // A view of a variable that is overwritten while the view is still read would show the new contents.
        const int overwritten = m_values[static_cast<std::size_t>(buffer.variable)].overwritten;
        if (overwritten > index && overwritten < lastUse)
            return false;
    }
    if (from.array.layout == Layout::RowMajor)
        return true;
    // [N/16, C, H, W, 16] and [N/16, C·H·W, 16] are the same bytes.
    const Extents extents = typeOf(op.output()).extents;
    return from.array.layout == Layout::BatchLanes16 && !extents.empty() && !from.array.type.extents.empty()
        && extents[0] == from.array.type.extents[0];
}

void ScheduleBuilder::addView(int index)
{
    const Op& op = *m_ops[static_cast<std::size_t>(index)];
    const Value& output = op.output();
    const auto alias = [&](int from) {
        const Instance source = instance(from);
        state(output).instances.push_back(newInstance(output, source.array.layout, source.buffer));
    };
    const std::vector<int> sources = instancesOf(op.input(0));
    for (const int source : sources) {
        if (isAlias(instance(source), op, index))
            alias(source);
    }
    if (!state(output).instances.empty())
        return;
    const int plain = instanceIn(op.input(0), Layout::RowMajor);
    if (isAlias(instance(plain), op, index))
        alias(plain);
    else
        alias(appendReorder(op.input(0), plain, Layout::RowMajor));
}

KernelChoice ScheduleBuilder::choose(const Op& op)
{
    std::vector<ArrayType> inputs;
    std::vector<ArrayType> outputs;
    std::vector<Layout> layouts;
    for (const Value& input : op.inputs()) {
        inputs.push_back(typeOf(input));
        layouts.push_back(instance(instancesOf(input).front()).array.layout);
    }
    for (const Value& output : op.outputs())
        outputs.push_back(typeOf(output));

    const auto cost = [&](std::size_t i, Layout layout) {
        double least = -1;
        for (const int available : state(op.inputs()[i]).instances) {
            const Instance& from = instance(available);
            const double one = isConstant(from) ? 0 : reorderMicroseconds(inputs[i], from.array.layout, layout);
            least = least < 0 ? one : std::min(least, one);
        }
        return least;
    };
    const bool hasConstantWeights
        = op.inputs().size() > 1 && std::all_of(op.inputs().begin() + 1, op.inputs().end(), [&](const Value& input) { return isConstant(input); });
    const KernelRequest request{op.attributes(), inputs, outputs, layouts, m_options.threads, hasConstantWeights, m_options.precision};
    // On processors the estimates are made to choose well without it.
    const auto taking = [&](std::size_t i, Layout layout) {
        const auto usual = m_usualLayouts.find(outputs[i].extents);
        const bool isKnown = m_options.device == DeviceKind::Cuda && usual != m_usualLayouts.end();
        return isKnown ? reorderMicroseconds(outputs[i], layout, usual->second) : 0;
    };
    return chooseKernel(m_table, m_options.device, op, request, cost, taking, m_options.withoutKernels);
}

bool ScheduleBuilder::isKept(const Op& op)
{
    if (op.hasEffect() || op.spec().readsState)
        return false;
    for (const Value& output : op.outputs()) {
        if (!output.shape().isFixed() && storedBytes(typeOf(output), Layout::RowMajor) > largestKeptResult)
            return false;
    }
    return std::all_of(op.inputs().begin(), op.inputs().end(), [&](const Value& input) { return isConstant(input); });
}

bool ScheduleBuilder::isConstant(const Instance& of) const
{
    const Place place = bufferOf(of).place;
    return place == Place::Kept || (place == Place::Variable && !m_request.withEffects);
}

bool ScheduleBuilder::isConstant(const Value& value)
{
    return isConstant(instance(instancesOf(value).front()));
}

void ScheduleBuilder::addKernel(int index)
{
    const Op& op = *m_ops[static_cast<std::size_t>(index)];
    KernelChoice choice = choose(op);
    Step step;
    step.op = &op;
    step.name = choice.option.name;
    step.node = op.node();
    step.multiplyAdds = multiplyAdds(op);
    for (std::size_t i = 0; i < op.inputs().size(); ++i)
        step.inputs.push_back(instanceIn(op.inputs()[i], choice.inputLayouts[i]));
    const bool kept = isKept(op);
    for (int i = 0; i < static_cast<int>(op.outputs().size()); ++i) {
        const int output = outputInstance(op, index, i, choice.outputLayouts[static_cast<std::size_t>(i)], step, kept);
        state(op.output(i)).instances.push_back(output);
        step.outputs.push_back(output);
        m_usualLayouts[instance(output).array.type.extents] = instance(output).array.layout;
    }
    step.kernel = choice.option.prepare();
    append(std::move(step), kept);
}

int ScheduleBuilder::outputInstance(const Op& op, int index, int output, Layout layout, const Step& step, bool isKept)
{
    const Value& value = op.output(output);
    const Array array{nullptr, typeOf(value), layout};
    const std::size_t bytes = storedBytes(array.type, layout);
    if (isKept)
        return newInstance(value, layout, newBuffer(Place::Kept, bytes));
    const int reused = reusableInput(op, index, array, step);
    return newInstance(value, layout, reused >= 0 ? instance(reused).buffer : newBuffer(Place::Arena, bytes));
}

int ScheduleBuilder::reusableInput(const Op& op, int index, const Array& output, const Step& step) const
{
    if ((!op.spec().isElementwise && !op.spec().worksInPlace) || op.outputs().size() != 1)
        return -1;
    for (const int input : step.inputs) {
        const Instance& from = instance(input);
        const bool isFree = bufferOf(from).place == Place::Arena && m_lastReader[static_cast<std::size_t>(from.buffer)] <= index;
        const bool fits = from.array.layout == output.layout && from.array.type.extents == output.type.extents
            && sizeOf(from.array.type.dtype) == sizeOf(output.type.dtype);
        if (isFree && fits)
            return input;
    }
    return -1;
}

const std::vector<int>& ScheduleBuilder::instancesOf(const Value& value)
{
    std::vector<int>& instances = state(value).instances;
    if (!instances.empty())
        return instances;
    const std::size_t bytes = storedBytes(typeOf(value), Layout::RowMajor);
    const bool isVariable = value.variable() != nullptr;
    const int buffer = newBuffer(isVariable ? Place::Variable : Place::Feed, bytes);
    Buffer& source = m_schedule.buffers[static_cast<std::size_t>(buffer)];
    if (isVariable) {
        source.data = m_variables ? m_variables->get(value.name()).data : nullptr;
        source.variable = value.id();
    } else {
        const auto& inputs = m_graph.inputs();
        source.feed = static_cast<int>(std::find(inputs.begin(), inputs.end(), value) - inputs.begin());
    }
    instances.push_back(newInstance(value, Layout::RowMajor, buffer));
    return instances;
}

int ScheduleBuilder::instanceIn(const Value& value, Layout layout)
{
    const std::vector<int>& available = instancesOf(value);
    for (const int candidate : available) {
        if (instance(candidate).array.layout == layout)
            return candidate;
    }
    const Instance first = instance(available.front());
    const int copy = liesAlike(first.array.type, first.array.layout, layout) ? newInstance(value, layout, first.buffer)
                                                                             : appendReorder(value, available.front(), layout);
    state(value).instances.push_back(copy);
    return copy;
}

int ScheduleBuilder::appendReorder(const Value& value, int from, Layout layout)
{
    const Instance source = instance(from);
    const bool kept = isConstant(source);
    const int buffer = newBuffer(kept ? Place::Kept : Place::Arena, storedBytes(source.array.type, layout));
    const int copy = newInstance(value, layout, buffer);
    Step step;
    step.kernel = reorderKernel(source.array, layout);
    step.name = std::string(nameOf(source.array.layout)) + " to " + nameOf(layout);
    step.node = value.producer() ? value.producer()->node() : std::string();
    step.inputs = {from};
    step.outputs = {copy};
    append(std::move(step), kept);
    return copy;
}

std::unique_ptr<Kernel> ScheduleBuilder::reorderKernel(const Array& from, Layout to) const
{
    if (m_options.device != DeviceKind::Cuda)
        return makeReorder(from.type, from.layout, to);
    const KernelFactory factory = m_table.find(m_options.device, "Reorder");
    const Attributes none;
    const KernelRequest request{none, {&from.type, 1}, {&from.type, 1}, {&from.layout, 1}, m_options.threads};
    for (const KernelOption& option : factory ? factory(request) : std::vector<KernelOption>()) {
        if (option.inputLayouts[0] == from.layout && option.outputLayouts[0] == to)
            return option.prepare();
    }
    throw Error(WEFT_TEXT("Engine", "The device %1 cannot copy an array from %2 to %3."), nameOf(m_options.device), nameOf(from.layout), nameOf(to));
}

int ScheduleBuilder::newInstance(const Value& value, Layout layout, int buffer)
{
    m_schedule.instances.push_back({Array{nullptr, typeOf(value), layout}, buffer});
    int& lastReader = m_lastReader[static_cast<std::size_t>(buffer)];
    lastReader = std::max(lastReader, state(value).lastUse);
    return static_cast<int>(m_schedule.instances.size()) - 1;
}

int ScheduleBuilder::newBuffer(Place place, std::size_t bytes)
{
    Buffer buffer;
    buffer.place = place;
    buffer.block.bytes = bytes;
    buffer.block.first = never;
    buffer.block.last = -1;
    if (place == Place::Kept) {
        buffer.block.offset = m_schedule.keptBytes;
        m_schedule.keptBytes += aligned(bytes);
    }
    m_schedule.buffers.push_back(buffer);
    m_lastReader.push_back(-1);
    return static_cast<int>(m_schedule.buffers.size()) - 1;
}

void ScheduleBuilder::append(Step step, bool isKept)
{
    const std::size_t scratch = step.kernel->scratchBytes();
    if (isKept) {
        // Nothing else lies in the arena yet when these run.
        m_schedule.arenaBytes = std::max(m_schedule.arenaBytes, aligned(scratch));
        m_schedule.keptSteps.push_back(std::move(step));
        return;
    }
    const int now = static_cast<int>(m_schedule.steps.size());
    const auto use = [&](int index) {
        ArenaBlock& block = bufferOf(instance(index)).block;
        block.first = std::min(block.first, now);
        block.last = std::max(block.last, now);
    };
    std::for_each(step.inputs.begin(), step.inputs.end(), use);
    std::for_each(step.outputs.begin(), step.outputs.end(), use);
    if (scratch > 0) {
        step.scratch = newBuffer(Place::Arena, scratch);
        ArenaBlock& block = m_schedule.buffers.back().block;
        block.first = block.last = now;
    }
    m_schedule.steps.push_back(std::move(step));
}

void ScheduleBuilder::planArena()
{
    for (const int fetch : m_schedule.fetches)
        bufferOf(instance(fetch)).block.last = static_cast<int>(m_schedule.steps.size());
    std::vector<ArenaBlock> blocks;
    for (const Buffer& buffer : m_schedule.buffers) {
        if (buffer.place == Place::Arena)
            blocks.push_back(buffer.block);
    }
    m_schedule.arenaBytes = std::max(m_schedule.arenaBytes, planMemory(blocks));
    std::size_t next = 0;
    for (Buffer& buffer : m_schedule.buffers) {
        if (buffer.place == Place::Arena)
            buffer.block = blocks[next++];
    }
}

ArrayType ScheduleBuilder::typeOf(const Value& value) const
{
    return {value.dtype(), value.shape().at(m_request.n, m_request.t)};
}

double ScheduleBuilder::multiplyAdds(const Op& op) const
{
    if (!op.spec().cost)
        return 0;
    bool hasN = false;
    const auto look = [&](const Value& value) {
        for (const Dim& dim : value.shape())
            hasN = hasN || dim.timesN;
    };
    std::for_each(op.inputs().begin(), op.inputs().end(), look);
    std::for_each(op.outputs().begin(), op.outputs().end(), look);
    return op.spec().cost(op, m_request.t).multiplyAdds * static_cast<double>(hasN ? m_request.n : 1);
}

} // namespace weft
