#include <sstream>

#include "core/device/cuda/dnn_choice.h"
#include "core/ops/conv/conv_graph.h"

namespace weft {

namespace {

/// What a measurement depends on.
std::string nameOf(ConvPass pass, const ConvSizes& s, const ConvStorage& storage, const ConvEnding& ending)
{
    std::ostringstream name;
    name << (pass == ConvPass::Forward ? "forward" : pass == ConvPass::InputGradient ? "input-gradient" : "kernel-gradient");
    name << (ending.hasBias ? "+bias" : "") << (ending.hasAddend ? "+addend" : "") << (ending.relu ? "+relu" : "");
    name << ' ' << nameOf(storage.type) << ' ' << nameOf(storage.precision) << ' ' << nameOf(storage.layout);
    for (const std::int64_t size : {s.samples, s.channels, s.filters, s.groups})
        name << ' ' << size;
    for (const ConvSizes::Triple* triple : {&s.in, &s.out, &s.kernel, &s.strides, &s.pad, &s.dilations})
        name << ' ' << (*triple)[0] << 'x' << (*triple)[1] << 'x' << (*triple)[2];
    return name.str();
}

class GraphConv : public LibraryConv {
public:
    GraphConv(std::shared_ptr<const DnnProgram> program, bool doesEnding) : m_program(std::move(program)), m_doesEnding(doesEnding) {}

    std::size_t scratchBytes() const override { return m_program->scratchBytes(); }
    bool doesEnding() const override { return m_doesEnding; }

    void run(const KernelContext& context) override
    {
        std::vector<void*> arrays;
        for (const Array& input : context.inputs)
            arrays.push_back(input.data);
        // Without what is not cuDNN's to add.
        arrays.resize(m_program->graph.namesInMemory().size() - 1);
        arrays.push_back(context.outputs[0].data);
        m_program->run(context, arrays, context.scratch);
    }

private:
    std::shared_ptr<const DnnProgram> m_program;
    bool m_doesEnding;
};

std::unique_ptr<LibraryConv> convOf(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending)
{
    std::shared_ptr<const DnnProgram> program
        = dnnProgram(nameOf(pass, sizes, storage, ending), convRules(storage), [&] { return convGraph(pass, sizes, storage, ending); });
    return program ? std::make_unique<GraphConv>(std::move(program), ending.isThere()) : nullptr;
}

} // namespace

bool takesLibraryConv(const ConvSizes& sizes)
{
    return sizes.samples > 0;
}

std::unique_ptr<LibraryConv> libraryConv(ConvPass pass, const ConvSizes& sizes, const ConvStorage& storage, const ConvEnding& ending)
{
    if (!takesLibraryConv(sizes))
        return nullptr;
    if (ending.isThere()) {
        if (std::unique_ptr<LibraryConv> conv = convOf(pass, sizes, storage, ending))
            return conv;
    }
    return convOf(pass, sizes, storage, {});
}

} // namespace weft
