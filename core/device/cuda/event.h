#pragma once

#include <cuda_runtime.h>

#include "core/device/cuda/cuda_device.h"

namespace weft {

/// An event without a time, of the card that is selected, by which streams and the host meet.
class CudaEvent {
public:
    CudaEvent() { checkCuda(cudaEventCreateWithFlags(&m_event, cudaEventDisableTiming), "an event"); }
    ~CudaEvent() { cudaEventDestroy(m_event); }
    CudaEvent(const CudaEvent&) = delete;
    CudaEvent& operator=(const CudaEvent&) = delete;

    void record(cudaStream_t stream) const { checkCuda(cudaEventRecord(m_event, stream), "an event"); }
    /// What comes into the stream waits for what was recorded.
    void await(cudaStream_t stream) const { checkCuda(cudaStreamWaitEvent(stream, m_event), "to wait for an event"); }
    /// What comes into `later` waits for what is in `earlier` now.
    void order(cudaStream_t earlier, cudaStream_t later) const
    {
        record(earlier);
        await(later);
    }
    /// The host waits.
    void synchronize(const char* what) const { checkCuda(synchronize(), what); }
    /// Where there is nobody to tell of a fault.
    cudaError_t synchronize() const { return cudaEventSynchronize(m_event); }

private:
    cudaEvent_t m_event = nullptr;
};

} // namespace weft
