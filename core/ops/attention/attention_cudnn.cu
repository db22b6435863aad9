#include <sstream>

#include "core/device/cuda/dnn_choice.h"
#include "core/ops/attention/attention_graph.h"
#include "core/ops/attention/attention_library.h"
#include "core/ops/support/cuda_kernel.h"
#include "core/ops/support/scratch.h"

namespace weft {

namespace {

std::string nameOf(AttentionPass pass, const AttentionSizes& s, DType stored, bool hasLengths)
{
    std::ostringstream name;
    name << (pass == AttentionPass::Forward ? "attention " : "attention-gradient ") << nameOf(stored);
    for (const std::int64_t size : {s.samples(), s.headsOfSample, s.queries, s.keys, s.width, s.valueWidth})
        name << ' ' << size;
    name << " scale " << s.scale << " rate " << s.rate << (s.isCausal ? " causal" : "") << (s.isByPosition ? " by position" : "")
         << (hasLengths ? " lengths" : "");
    return name.str();
}

std::shared_ptr<const DnnProgram> programOf(AttentionPass pass, const AttentionSizes& sizes, DType stored, bool hasLengths)
{
    // What is stored in 16 bits is taken as it is.
    return dnnProgram(nameOf(pass, sizes, stored, hasLengths), {.mayRound = true}, [&] {
        return pass == AttentionPass::Forward ? attentionGraph(sizes, stored, hasLengths) : attentionGradientGraph(sizes, stored, hasLengths);
    });
}

/// What a run leaves in its scratch before cuDNN's own.
struct AttentionNotes {
    Scratch scratch;
    std::int32_t *queries, *keys; ///< that count in each sample
    std::int64_t *seed, *offset; ///< of dropout's masks
    float* means; ///< a number for each row

    AttentionNotes(void* memory, const AttentionSizes& sizes) :
        scratch(memory), queries(scratch.take<std::int32_t>(sizes.samples())), keys(scratch.take<std::int32_t>(sizes.samples())),
        seed(scratch.take<std::int64_t>(1)), offset(scratch.take<std::int64_t>(1)), means(scratch.take<float>(sizes.rows()))
    {
    }
};

/// Notes what cuDNN is to be told on the card: the same seed for both passes of a step.
void note(const KernelContext& context, const AttentionSizes& sizes, const AttentionNotes& notes)
{
    const StepState* state = queueOf(context).state;
    forEach(context, sizes.samples(), [=] WEFT_DEVICE(std::int64_t sample) {
        notes.queries[sample] = static_cast<std::int32_t>(sizes.queries);
        notes.keys[sample] = static_cast<std::int32_t>(sizes.lengths.of(sample));
        if (sample > 0)
            return;
        const auto first = static_cast<std::uint64_t>(state->sampleIndices ? state->sampleIndices[0] : 0);
        const std::uint64_t ofStep = mixKeys(static_cast<std::uint64_t>(state->step), first);
        *notes.seed = static_cast<std::int64_t>(mixKeys(mixKeys(state->seed, sizes.stream), ofStep));
        *notes.offset = 0;
    });
}

class GraphAttention : public Kernel {
public:
    /// `other` is the program of the other pass, which is at hand then.
    GraphAttention(AttentionPass pass, const AttentionSizes& sizes, std::shared_ptr<const DnnProgram> program,
                   std::shared_ptr<const DnnProgram> other) :
        m_pass(pass),
        m_sizes(sizes), m_program(std::move(program)), m_other(std::move(other))
    {
    }

    std::size_t scratchBytes() const override { return AttentionNotes(nullptr, m_sizes).scratch.bytes() + m_program->scratchBytes(); }

    void run(const KernelContext& context) override
    {
        const bool isForward = m_pass == AttentionPass::Forward;
        const std::size_t matrices = isForward ? 3 : 6;
        AttentionSizes sizes = m_sizes;
        const bool hasLengths = context.inputs.size() > matrices;
        sizes.lengths = Lengths(hasLengths ? &context.inputs[matrices] : nullptr, sizes.keys);
        AttentionNotes notes(context.scratch, sizes);
        if (hasLengths || sizes.threshold > 0)
            note(context, sizes, notes);
        std::vector<void*> arrays;
        for (const Array& input : context.inputs.first(matrices))
            arrays.push_back(input.data);
        if (hasLengths)
            arrays.insert(arrays.end(), {notes.queries, notes.keys});
        if (sizes.threshold > 0)
            arrays.insert(arrays.end(), {notes.seed, notes.offset});
        if (!isForward)
            arrays.push_back(notes.means);
        for (const Array& output : context.outputs)
            arrays.push_back(output.data);
        m_program->run(context, arrays, notes.scratch.take<std::byte>(0));
    }

private:
    AttentionPass m_pass;
    AttentionSizes m_sizes;
    std::shared_ptr<const DnnProgram> m_program, m_other;
};

} // namespace

std::unique_ptr<Kernel> libraryAttention(AttentionPass pass, const AttentionSizes& sizes, DType stored, bool hasLengths)
{
    if (stored == DType::Float32 || sizes.rows() == 0 || sizes.keys == 0)
        return nullptr;
    const AttentionPass opposite = pass == AttentionPass::Forward ? AttentionPass::Gradient : AttentionPass::Forward;
    std::shared_ptr<const DnnProgram> program = programOf(pass, sizes, stored, hasLengths), other;
    if (program && sizes.threshold > 0)
        other = programOf(opposite, sizes, stored, hasLengths);
    const bool isTaken = program && (sizes.threshold == 0 || other);
    return isTaken ? std::make_unique<GraphAttention>(pass, sizes, std::move(program), std::move(other)) : nullptr;
}

} // namespace weft
