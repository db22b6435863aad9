#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/base/attributes.h"
#include "core/device/array.h"

namespace weft {

class Collectives;
class Device;

/// What randomness and counters of a step depend on. `sampleIndices` [N] are global indices of the
/// samples in the batch, so that masks do not depend on order of execution, threads or ranks.
struct StepState {
    std::uint64_t seed = 0;
    std::int64_t step = 0; ///< 1 for the first step
    const std::int64_t* sampleIndices = nullptr;
    std::int64_t update = 0; ///< of the weights, 1 for the first; 0: the same as the step
};

/// Everything a kernel may touch while it runs; there are no globals. `threads` is how many OpenMP
/// threads a kernel may use, `stream` the device's own handle (null on the CPU), `scratch` a
/// workspace of the size it asked for, 64-byte aligned, contents undefined.
struct KernelContext {
    std::span<const Array> inputs;
    std::span<const Array> outputs;
    void* scratch = nullptr;
    int threads = 1;
    void* stream = nullptr;
    const StepState* state = nullptr;
    Collectives* collectives = nullptr; ///< the other ranks; null where the process computes alone
};

/// A prepared computation for fixed types and layouts. `run` does not allocate, and is called by
/// one thread at a time.
class Kernel {
public:
    virtual ~Kernel() = default;
    virtual std::size_t scratchBytes() const { return 0; }
    virtual void run(const KernelContext& context) = 0;
    /// Called between runs when variables were written meanwhile: a kernel that packed its weights at the
    /// first run packs them again at the next.
    virtual void variablesChanged() {}
};

/// What products (matrices, convolutions) may round their operands to. They add up in float32, as weights and their gradients are;
/// devices that can store arrays between layers in 16 bits do so (core/engine/passes). Tf32 is float32 with ten bits behind the point,
/// in products of cards alone; what is to be rounded to Float16 is small or large enough for it only where the loss is scaled.
enum class Precision { Float32, Tf32, BFloat16, Float16 };
/// "fp32", "tf32", "bf16", "fp16"
const char* nameOf(Precision precision);

/// What the planner asks: can you do this op for these types?
struct KernelRequest {
    const Attributes& attributes;
    std::span<const ArrayType> inputs;
    std::span<const ArrayType> outputs;
    std::span<const Layout> inputLayouts; ///< as the producers would deliver; a hint
    int threads = 1;
    bool hasConstantWeights = false; ///< all inputs but the first change only between `variablesChanged`: they may be packed once
    Precision precision = Precision::Float32;
};

/// One way to do it. `microseconds` is a static estimate (never a measurement) by which the planner
/// chooses between options and reorders.
/// A kernel of an op with `isElementwise` whose inputs all have the output's shape must accept any
/// one layout for all, whatever its option names, and in place (an output's data may be an input's):
/// it treats storedElements(type, layout) elements. What padded elements hold is undefined, but that a
/// reorder from row-major writes zeros; a kernel that reduces over a padded axis leaves them out.
struct KernelOption {
    std::vector<Layout> inputLayouts;
    std::vector<Layout> outputLayouts;
    double microseconds = 0;
    const char* name = ""; ///< for reports, e.g. "onednn:direct", "lanes"
    std::function<std::unique_ptr<Kernel>()> prepare;
};

/// Returns the ways to run an op; none when the types are not supported.
using KernelFactory = std::vector<KernelOption> (*)(const KernelRequest& request);

/// A kernel that is one function without state; the usual case for simple ops.
class FunctionKernel : public Kernel {
public:
    explicit FunctionKernel(std::function<void(const KernelContext&)> function, std::size_t scratch = 0) :
        m_function(std::move(function)), m_scratch(scratch)
    {
    }
    std::size_t scratchBytes() const override { return m_scratch; }
    void run(const KernelContext& context) override { m_function(context); }

private:
    std::function<void(const KernelContext&)> m_function;
    std::size_t m_scratch;
};

/// The option "all row-major" that runs `function`.
KernelOption rowMajorOption(const KernelRequest& request, const char* name, double microseconds, std::function<void(const KernelContext&)> function,
                            std::size_t scratch = 0);

} // namespace weft
