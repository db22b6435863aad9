#pragma once

#include "core/device/cpu/reorder.h"
#include "core/device/device.h"
#include "tests/unit/kernel_arrays.h"

// The arrays of the kernel cases on a card.

namespace device_arrays {

using namespace kernel_arrays;

inline OwnedArray inLayout(const Array& from, Layout layout)
{
    OwnedArray copy(from.type, layout);
    const std::unique_ptr<Kernel> reorder = makeReorder(from.type, from.layout, layout);
    reorder->run({{&from, 1}, {&copy.array, 1}, nullptr, threads, nullptr, nullptr});
    return copy;
}

/// An array on the device, poisoned until it is filled.
class DeviceArray {
public:
    DeviceArray(Device& device, const ArrayType& type, Layout layout = Layout::RowMajor) : m_device(device), m_bytes(storedBytes(type, layout))
    {
        array = {device.allocate(m_bytes), type, layout};
        const std::vector<std::byte> poison(m_bytes, std::byte{0xff});
        device.copyFromHost(array.data, poison.data(), m_bytes);
    }
    ~DeviceArray() { m_device.free(array.data, m_bytes); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    /// From and to arrays of the host in row-major order.
    void fill(const Array& from)
    {
        const OwnedArray copy = inLayout(from, array.layout);
        m_device.copyFromHost(array.data, copy.array.data, m_bytes);
    }
    OwnedArray onHost() const
    {
        const OwnedArray copy(array.type, array.layout);
        m_device.copyToHost(copy.array.data, array.data, m_bytes);
        return inLayout(copy.array, Layout::RowMajor);
    }

    Array array;

private:
    Device& m_device;
    std::size_t m_bytes;
};

using DeviceArrays = std::vector<std::unique_ptr<DeviceArray>>;

inline std::vector<Array> viewsOf(const DeviceArrays& arrays)
{
    std::vector<Array> views;
    for (const auto& a : arrays)
        views.push_back(a->array);
    return views;
}

inline std::vector<ArrayType> typesOf(const Arrays& arrays)
{
    std::vector<ArrayType> types;
    for (const OwnedArray& a : arrays)
        types.push_back(a.array.type);
    return types;
}

inline DeviceArrays onDevice(Device& device, const Arrays& arrays, const std::vector<Layout>& layouts)
{
    DeviceArrays copies;
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        copies.push_back(std::make_unique<DeviceArray>(device, arrays[i].array.type, layouts[i]));
        copies.back()->fill(arrays[i].array);
    }
    return copies;
}

/// What `option` gives; inputs may change.
inline DeviceArrays runOn(Device& device, const KernelOption& option, const DeviceArrays& inputs, const std::vector<ArrayType>& types)
{
    DeviceArrays outputs;
    for (std::size_t i = 0; i < types.size(); ++i)
        outputs.push_back(std::make_unique<DeviceArray>(device, types[i], option.outputLayouts[i]));
    const std::unique_ptr<Kernel> kernel = option.prepare();
    const DeviceArray scratch(device, {DType::UInt8, {static_cast<std::int64_t>(kernel->scratchBytes()) + 1}});
    const std::vector<std::int64_t> samples = sampleIndices();
    const std::unique_ptr<Inbox> inbox = device.makeInbox(0, static_cast<std::int64_t>(samples.size()));
    if (inbox)
        inbox->open(StepState{5, 3, samples.data()});
    const std::vector<Array> from = viewsOf(inputs), to = viewsOf(outputs);
    kernel->run({from, to, scratch.array.data, threads, device.stream(), nullptr});
    device.synchronize();
    return outputs;
}

} // namespace device_arrays
