// The stand-in for CUDA's runtime refuses what a card would refuse: else other tests would pass for nothing.
#include <functional>

#include <QTest>

#include <cuda_runtime.h>

#include "tests/cuda_host/host_runtime.h"

using namespace weft;

namespace {

cudaStream_t newStream()
{
    cudaStream_t stream = nullptr;
    cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    return stream;
}

cudaEvent_t newEvent()
{
    cudaEvent_t event = nullptr;
    cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
    return event;
}

/// Two streams and an event between them.
struct Streams {
    cudaStream_t first = newStream(), second = newStream();
    cudaEvent_t event = newEvent();

    ~Streams()
    {
        for (const cudaStream_t stream : {first, second})
            cudaStreamDestroy(stream);
        cudaEventDestroy(event);
        cudaGetLastError();
    }
    void order(cudaStream_t earlier, cudaStream_t later) const
    {
        cudaEventRecord(event, earlier);
        cudaStreamWaitEvent(later, event);
    }
};

/// What ending a recording of `first` says, in which `work` is done.
cudaError_t recorded(const Streams& streams, const std::function<void()>& work)
{
    cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeThreadLocal);
    work();
    cudaGraph_t graph = nullptr;
    const cudaError_t code = cudaStreamEndCapture(streams.first, &graph);
    if (graph)
        cudaGraphDestroy(graph);
    return code;
}

} // namespace

class CudaHostTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        for (int kind = 0; kind < static_cast<int>(HostThing::count); ++kind)
            QCOMPARE(aliveOnHost(static_cast<HostThing>(kind)), std::size_t(0));
    }
    void workIsDoneWhenItIsWaitedFor();
    void streamsThatAreRecordedJoinAgain();
    void recordingsKnowOnlyThemselves();
    void recordingsRefuseWhatWaits();
    void theLastFaultStays();
    void copiesLieWithinBlocks();
};

void CudaHostTest::workIsDoneWhenItIsWaitedFor()
{
    const Streams streams;
    int done = 0;
    launchOnHost(streams.first, [&] { done += 1; });
    streams.order(streams.first, streams.second);
    launchOnHost(streams.second, [&] { done += 10; });
    launchOnHost(streams.first, [&] { done += 100; });
    QCOMPARE(done, 0);
    QCOMPARE(cudaStreamQuery(streams.second), cudaErrorNotReady);
    QCOMPARE(cudaStreamSynchronize(streams.second), cudaSuccess);
    QCOMPARE(done, 11);
    QCOMPARE(cudaEventSynchronize(streams.event), cudaSuccess);
    QCOMPARE(done, 11);
    QCOMPARE(cudaStreamSynchronize(streams.first), cudaSuccess);
    QCOMPARE(done, 111);
}

void CudaHostTest::streamsThatAreRecordedJoinAgain()
{
    const Streams streams;
    const auto nothing = [] {};
    QCOMPARE(recorded(streams,
                      [&] {
                          streams.order(streams.first, streams.second);
                          launchOnHost(streams.second, nothing);
                          streams.order(streams.second, streams.first);
                      }),
             cudaSuccess);
    QCOMPARE(recorded(streams,
                      [&] {
                          streams.order(streams.first, streams.second);
                          launchOnHost(streams.second, nothing);
                      }),
             cudaErrorStreamCaptureUnjoined);
    // Neither is recorded any more.
    QCOMPARE(cudaStreamSynchronize(streams.second), cudaSuccess);
    cudaGraph_t graph = nullptr;
    QCOMPARE(cudaStreamEndCapture(streams.first, &graph), cudaErrorIllegalState);
}

void CudaHostTest::recordingsKnowOnlyThemselves()
{
    const Streams streams;
    cudaEventRecord(streams.event, streams.second);
    QCOMPARE(recorded(streams, [&] { QCOMPARE(cudaStreamWaitEvent(streams.first, streams.event), cudaErrorStreamCaptureIsolation); }),
             cudaErrorStreamCaptureInvalidated);
    QCOMPARE(recorded(streams, [&] { cudaEventRecord(streams.event, streams.first); }), cudaSuccess);
    QCOMPARE(cudaEventSynchronize(streams.event), cudaErrorCapturedEvent);
    QCOMPARE(cudaStreamWaitEvent(streams.second, streams.event), cudaErrorCapturedEvent);
}

void CudaHostTest::recordingsRefuseWhatWaits()
{
    const Streams streams;
    void* memory = nullptr;
    const std::function<cudaError_t()> calls[] = {[&] { return cudaStreamSynchronize(streams.first); },
                                                  [&] { return cudaStreamQuery(streams.first); },
                                                  [&] { return cudaMalloc(&memory, 1); },
                                                  [&] { return cudaFree(nullptr); },
                                                  [&] { return cudaHostAlloc(&memory, 1, cudaHostAllocDefault); },
                                                  [&] { return cudaMallocAsync(&memory, 1, streams.first); }};
    for (const auto& call : calls)
        QCOMPARE(recorded(streams, [&] { QCOMPARE(call(), cudaErrorStreamCaptureUnsupported); }), cudaErrorStreamCaptureInvalidated);
}

void CudaHostTest::theLastFaultStays()
{
    cudaGetLastError();
    const cudaStream_t gone = newStream();
    cudaStreamDestroy(gone);
    QCOMPARE(cudaStreamSynchronize(gone), cudaErrorInvalidResourceHandle);
    int card = 0;
    QCOMPARE(cudaGetDevice(&card), cudaSuccess);
    QCOMPARE(cudaGetLastError(), cudaErrorInvalidResourceHandle);
    QCOMPARE(cudaGetLastError(), cudaSuccess);
}

void CudaHostTest::copiesLieWithinBlocks()
{
    const Streams streams;
    void *memory = nullptr, *ofHost = nullptr;
    QCOMPARE(cudaMallocAsync(&memory, 8, streams.first), cudaSuccess);
    QCOMPARE(cudaHostAlloc(&ofHost, 8, cudaHostAllocDefault), cudaSuccess);
    char pageable[9] = {};
    QCOMPARE(cudaMemcpyAsync(memory, pageable, 9, cudaMemcpyHostToDevice, streams.first), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpyAsync(memory, pageable, 8, cudaMemcpyDeviceToHost, streams.first), cudaErrorInvalidValue);
    QCOMPARE(cudaMemcpyAsync(memory, ofHost, 8, cudaMemcpyHostToDevice, streams.first), cudaSuccess);
    QCOMPARE(cudaFreeAsync(memory, streams.first), cudaSuccess);
    QCOMPARE(cudaFreeAsync(memory, streams.first), cudaErrorInvalidValue);
    QCOMPARE(cudaMemsetAsync(memory, 0, 8, streams.first), cudaErrorInvalidValue);
    QCOMPARE(cudaStreamSynchronize(streams.first), cudaSuccess);
    QCOMPARE(cudaFreeHost(ofHost), cudaSuccess);
}

QTEST_GUILESS_MAIN(CudaHostTest)
#include "cuda_host_test.moc"
