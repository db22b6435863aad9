#include "core/engine/kernel_choice.h"

#include <algorithm>
#include <string_view>

#include "core/base/error.h"

namespace weft {

namespace {

/// Ops that overwrite a variable work on its row-major master.
bool keepsMasters(const Op& op, const KernelOption& option)
{
    const std::vector<int> mutated = op.mutatedInputs();
    return std::all_of(mutated.begin(), mutated.end(),
                       [&](int input) { return option.inputLayouts[static_cast<std::size_t>(input)] == Layout::RowMajor; });
}

bool isUniform(const Op& op, const KernelRequest& request)
{
    if (!op.spec().isElementwise || request.outputs.size() != 1)
        return false;
    return std::all_of(request.inputs.begin(), request.inputs.end(), [&](const ArrayType& in) { return in.extents == request.outputs[0].extents; });
}

/// The one layout in which the inputs of an elementwise op are delivered most cheaply.
Layout cheapestLayout(const KernelRequest& request, const DeliveryCost& cost)
{
    Layout best = Layout::RowMajor;
    double bestCost = -1;
    for (const Layout layout : request.inputLayouts) {
        double total = 0;
        for (std::size_t i = 0; i < request.inputs.size(); ++i)
            total += cost(i, layout);
        if (bestCost < 0 || total < bestCost) {
            bestCost = total;
            best = layout;
        }
    }
    return best;
}

Error noKernel(DeviceKind device, const Op& op, const KernelRequest& request)
{
    std::string inputs;
    for (const ArrayType& type : request.inputs)
        inputs += (inputs.empty() ? "" : ", ") + std::string(nameOf(type.dtype)) + " " + toString(type.extents);
    if (op.node().empty())
        return Error(WEFT_TEXT("Engine", "The device %1 cannot run the operation %2 on %3."), nameOf(device), op.spec().name, inputs);
    return Error(WEFT_TEXT("Engine", "The device %1 cannot run the operation %2 of layer %3 on %4. Choose another device or another layer."),
                 nameOf(device), op.spec().name, op.node(), inputs);
}

std::vector<KernelOption> optionsOf(const KernelTable& table, DeviceKind device, const Op& op, const KernelRequest& request)
{
    const KernelFactory factory = table.find(device, op.spec().name);
    return factory ? factory(request) : std::vector<KernelOption>();
}

} // namespace

KernelChoice chooseKernel(const KernelTable& table, DeviceKind device, const Op& op, const KernelRequest& request, const DeliveryCost& cost,
                          const TakingCost& taking, const std::string& without)
{
    std::vector<KernelOption> options = optionsOf(table, device, op, request);
    bool isOwn = !options.empty();
    if (!isOwn && device == DeviceKind::Cpu)
        options = optionsOf(table, DeviceKind::Reference, op, request);
    isOwn = isOwn && device != DeviceKind::Reference;
    std::erase_if(options, [&](const KernelOption& option) { return !keepsMasters(op, option); });
    const auto isLeftOut = [&](const KernelOption& option) { return std::string_view(option.name).find(without) != std::string_view::npos; };
    if (!without.empty() && !std::all_of(options.begin(), options.end(), isLeftOut))
        std::erase_if(options, isLeftOut);
    if (options.empty())
        throw noKernel(device, op, request);

    const bool anyLayout = isOwn && isUniform(op, request);
    const Layout common = anyLayout ? cheapestLayout(request, cost) : Layout::RowMajor;
    KernelChoice best;
    double bestCost = -1;
    for (KernelOption& option : options) {
        const std::vector<Layout> layouts = anyLayout ? std::vector<Layout>(request.inputs.size(), common) : option.inputLayouts;
        double total = option.microseconds;
        for (std::size_t i = 0; i < layouts.size(); ++i)
            total += cost(i, layouts[i]);
        const std::vector<Layout> results = anyLayout ? std::vector<Layout>(1, common) : option.outputLayouts;
        for (std::size_t i = 0; i < results.size(); ++i)
            total += taking(i, results[i]);
        if (bestCost >= 0 && total >= bestCost)
            continue;
        bestCost = total;
        best.inputLayouts = layouts;
        best.outputLayouts = results;
        best.option = std::move(option);
    }
    return best;
}

} // namespace weft
