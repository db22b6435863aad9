#pragma once

#include <functional>

#include "core/device/kernel_table.h"
#include "core/graph/op.h"

namespace weft {

/// A way to run one op, chosen among those of the device.
struct KernelChoice {
    KernelOption option;
    std::vector<Layout> inputLayouts; ///< as the plan will deliver them
    std::vector<Layout> outputLayouts;
};

/// What it would take, in microseconds, to deliver input `i` in `layout`; 0 when it is there already.
using DeliveryCost = std::function<double(std::size_t i, Layout layout)>;

/// What it will probably take to deliver output `i`, made in `layout`, to those who read it.
using TakingCost = std::function<double(std::size_t i, Layout layout)>;

/// The option with the smallest static estimate, deliveries included; the first of equal ones. A CPU without a kernel of its own takes the reference
/// kernel. Throws Error, naming op, layer and device, when there is none. Kernels with `without` in their name count only where there are no others.
KernelChoice chooseKernel(const KernelTable& table, DeviceKind device, const Op& op, const KernelRequest& request, const DeliveryCost& cost,
                          const TakingCost& taking, const std::string& without = {});

} // namespace weft
