// The device of the CUDA plugin, on cards that are this process: what of it is used wrongly their runtime refuses or crashes for.
#include <array>
#include <functional>
#include <numeric>

#include <QScopeGuard>
#include <QTest>

#include "core/device/collectives.h"
#include "core/device/cuda/measuring.h"
#include "core/training/distributed/thread_ranks.h"
#include "tests/cuda_host/host_clock.h"
#include "tests/cuda_host/host_runtime.h"
#include "tests/unit/card_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

std::size_t aliveInAll()
{
    std::size_t all = 0;
    for (int kind = 0; kind < static_cast<int>(HostThing::count); ++kind)
        all += aliveOnHost(static_cast<HostThing>(kind));
    return all;
}

/// Sets a variable of the environment for a scope.
auto with(const char* variable, const QByteArray& value)
{
    qputenv(variable, value);
    return qScopeGuard([variable] { qunsetenv(variable); });
}

} // namespace

class CudaDeviceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(aliveInAll(), m_lost); }
    void memoryIsCleared();
    void aFullCardIsNamed();
    void whatCannotBeOpenedLeavesNothing();
    void copiesTakeWhatIsThere_data();
    void copiesTakeWhatIsThere();
    void manyCopiesCostOneWait();
    void twoFetchesMayBeUnderWay();
    void whatIsSentComesWithTheNextRun_data();
    void whatIsSentComesWithTheNextRun();
    void inboxesMayGo();
    void aStopwatchReadsTheCardsTime();
    void runsFindTheirStateOnTheCard();
    void recordingsRunAgain();
    void recordingsReadTheHostAgain();
    void aFaultInARecordingLeavesTheDeviceAsItWas_data();
    void aFaultInARecordingLeavesTheDeviceAsItWas();
    void faultsAreTheirOwn();
    void cardsDoNotMix();
    void ranksAddUp();
    void aLostRankLeavesNobodyWaiting();
    void wrongNumbersAreRefused();
    void cardsAreListed();
    void driversThatDoNotServeAreRefused();
    void measuringIsSwitched();
    void aLostCardIsNamedAndLeft(); // the last: this process has it no more

private:
    std::size_t m_lost = 0; ///< what lies on a card that was lost
};

void CudaDeviceTest::memoryIsCleared()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    for (const std::size_t count : {std::size_t(0), std::size_t(1), std::size_t(1000), std::size_t(300000)}) {
        const OnCard array(*device, count);
        QCOMPARE(array.read(), Floats(count));
        QCOMPARE(reinterpret_cast<std::uintptr_t>(array.data()) % 256, std::uintptr_t(0));
    }
}

void CudaDeviceTest::aFullCardIsNamed()
{
    const auto undo = with("WEFT_TEST_CARD_MEMORY", "64");
    const std::unique_ptr<Device> device = openCudaDevice(1);
    const std::string fault = errorOf([&] { OnCard(*device, std::size_t(16) << 20); });
    QVERIFY2(contains(fault, "The memory of cuda:1 is full: 64 MB more are needed. Choose a smaller batch"), fault.c_str());
    // The run goes on with less, and what was freed can be had again.
    for (int i = 0; i < 4; ++i) {
        const OnCard smaller(*device, std::size_t(5) << 20);
        addOne(*device, smaller);
        QCOMPARE(smaller.read().back(), 1.0f);
    }
}

void CudaDeviceTest::whatCannotBeOpenedLeavesNothing()
{
    const auto undo = with("WEFT_TEST_CARD_MEMORY", "16");
    QVERIFY(contains(errorOf([] { openCudaDevice(0); }), "The memory of cuda:0 is full: 32 MB more are needed"));
    QCOMPARE(aliveInAll(), std::size_t(0));
    const auto old = with("WEFT_TEST_OLD_CARDS", "1");
    QVERIFY(contains(errorOf([] { openCudaDevice(0); }), "This build of Weft has no code for the GPU"));
}

void CudaDeviceTest::copiesTakeWhatIsThere_data()
{
    QTest::addColumn<bool>("readsHost");
    QTest::newRow("staged by the driver") << false;
    QTest::newRow("read by the card") << true;
}

void CudaDeviceTest::copiesTakeWhatIsThere()
{
    QFETCH(bool, readsHost);
    const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_READS_HOST"); });
    if (readsHost)
        qputenv("WEFT_TEST_READS_HOST", "1");
    const std::unique_ptr<Device> device = openCudaDevice(0);
    Floats numbers{1, 2, 3};
    const OnCard array(*device, numbers);
    std::fill(numbers.begin(), numbers.end(), 7.0f);
    addOne(*device, array);
    QCOMPARE(array.read(), (Floats{2, 3, 4}));
    clearOnCard(contextOf(*device), array.data() + 1, sizeof(float));
    copyOnCard(contextOf(*device), array.data(), array.data() + 2, sizeof(float));
    QCOMPARE(array.read(), (Floats{4, 0, 4}));
}

void CudaDeviceTest::manyCopiesCostOneWait()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard first(*device, Floats{1, 2}), second(*device, Floats{3}), large(*device, std::size_t(300000));
    Floats toFirst(2), toSecond(1), toLarge(300000, 5.0f);
    const std::array<HostCopy, 3> copies{{{toFirst.data(), first.data(), first.bytes()},
                                          {toSecond.data(), second.data(), second.bytes()},
                                          {toLarge.data(), large.data(), large.bytes()}}};
    addOne(*device, first);
    device->fetch(std::span(copies).first(2));
    QCOMPARE(toFirst, (Floats{2, 3}));
    QCOMPARE(toSecond, Floats{3});
    addOne(*device, first);
    addOne(*device, large);
    device->fetch(copies); // too much to go by way of the memory for it
    QCOMPARE(toFirst, (Floats{3, 4}));
    QCOMPARE(toLarge, Floats(300000, 1.0f));
}

/// The second is not waited for with the first.
void CudaDeviceTest::twoFetchesMayBeUnderWay()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard small(*device, Floats{1, 2}), more(*device, std::size_t(2000)), large(*device, std::size_t(300000));
    for (int round = 0; round < 3; ++round) {
        Floats first(2), second(2), toMore(2000), toLarge(300000);
        const std::array<HostCopy, 2> before{{{first.data(), small.data(), small.bytes()}, {toMore.data(), more.data(), more.bytes()}}};
        const std::array<HostCopy, 2> after{{{second.data(), small.data(), small.bytes()}, {toLarge.data(), large.data(), large.bytes()}}};
        const auto number = static_cast<float>(2 * round);
        device->beginFetch(before);
        addOne(*device, small);
        addOne(*device, more);
        QCOMPARE(first, Floats(2));
        device->beginFetch(std::span(after).first(round == 2 ? 2 : 1)); // the large one is waited for at once
        QCOMPARE(second.front(), round == 2 ? number + 2 : 0.0f);
        device->finishFetch();
        QCOMPARE(first, (Floats{number + 1, number + 2}));
        QCOMPARE(toMore, Floats(2000, number / 2));
        device->finishFetch();
        QCOMPARE(second, (Floats{number + 2, number + 3}));
        addOne(*device, small);
    }
}

void CudaDeviceTest::whatIsSentComesWithTheNextRun_data()
{
    copiesTakeWhatIsThere_data();
    QTest::newRow("no room on the card") << false;
}

/// By one copy, if the host is early and if it is late, whatever its memory holds by then; and not for the run at hand.
void CudaDeviceTest::whatIsSentComesWithTheNextRun()
{
    QFETCH(bool, readsHost);
    const auto undo = with("WEFT_TEST_READS_HOST", readsHost ? "1" : "");
    const bool isFull = std::string_view(QTest::currentDataTag()).starts_with("no room");
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const std::size_t bytes = 3 * sizeof(float), all = isFull ? std::size_t(1) << 20 : 2 * bytes;
    const std::unique_ptr<Inbox> inbox = device->makeInbox(all, 2);
    const OnCard found(*device, 8);
    const auto tight = with("WEFT_TEST_CARD_MEMORY", isFull ? "33" : "8192");
    for (std::int64_t step = 1; step < 8; ++step) {
        const auto number = static_cast<float>(step);
        Floats batch(3, number), scalar(1, -number);
        std::vector<std::int64_t> samples{10 * step, 10 * step + 1};
        inbox->put(0, batch.data(), bytes);
        if (step > 1)
            inbox->send();
        if (step == 5) // another batch after all
            inbox->put(0, batch.data(), bytes);
        inbox->put(all - sizeof(float), scalar.data(), sizeof(float));
        inbox->open({5, step, samples.data()});
        const auto* fed = reinterpret_cast<const float*>(inbox->place());
        const auto* lastFed = reinterpret_cast<const float*>(inbox->place() + all) - 1;
        const StepState* state = queueOf(contextOf(*device)).state;
        float* to = found.data();
        forEach(contextOf(*device), 1, [=] WEFT_DEVICE(std::int64_t) {
            to[0] = fed[2];
            to[1] = *lastFed;
            to[2] = static_cast<float>(state->step);
            to[3] = static_cast<float>(state->sampleIndices[1]);
        });
        std::fill(batch.begin(), batch.end(), -1.0f);
        samples.assign(2, -1);
        Floats sent(3, 100.0f); // for a run to come
        inbox->put(0, sent.data(), bytes);
        inbox->send();
        Floats read = found.read();
        read.resize(4);
        QCOMPARE(read, (Floats{number, -number, number, 10 * number + 1}));
    }
}

/// What was sent to them may not have arrived.
void CudaDeviceTest::inboxesMayGo()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const Floats next{2, 2, 2, 2};
    for (const bool isOpened : {false, true}) {
        const std::unique_ptr<Inbox> inbox = device->makeInbox(16, 0);
        inbox->put(0, next.data(), 16);
        inbox->send();
        if (isOpened)
            inbox->open({});
    }
    device->makeInbox(16, 0);
}

void CudaDeviceTest::aStopwatchReadsTheCardsTime()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const std::unique_ptr<Stopwatch> watch = device->makeStopwatch();
    for (int round = 0; round < 2; ++round) {
        for (std::size_t mark = 0; mark < 4; ++mark) {
            watch->mark(mark);
            forEach(contextOf(*device), 1, [=] WEFT_DEVICE(std::int64_t) { passOnHost(double(mark) + 0.999); });
        }
        for (std::size_t mark = 3; mark > 0; --mark)
            QCOMPARE(float(watch->seconds(mark - 1, mark)), 1e-3f * float(mark));
        QCOMPARE(float(watch->seconds(0, 3)), 6e-3f);
    }
}

void CudaDeviceTest::runsFindTheirStateOnTheCard()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard found(*device, 3);
    const std::unique_ptr<Inbox> inbox = device->makeInbox(0, 3);
    std::unique_ptr<Recording> recording;
    for (std::int64_t samples = 1; samples < 4; ++samples) {
        std::vector<std::int64_t> indices(static_cast<std::size_t>(samples));
        std::iota(indices.begin(), indices.end(), 10 * samples);
        indices.resize(3);
        StepState state;
        state.seed = 5;
        state.step = 100 + samples;
        state.sampleIndices = indices.data();
        inbox->open(state);
        std::fill(indices.begin(), indices.end(), -1);
        const auto enqueue = [&] {
            float* to = found.data();
            const StepState* onCard = queueOf(contextOf(*device)).state;
            forEach(contextOf(*device), 1, [=] WEFT_DEVICE(std::int64_t) {
                to[0] = static_cast<float>(onCard->step);
                to[1] = static_cast<float>(onCard->sampleIndices[0]);
                to[2] = static_cast<float>(onCard->sampleIndices[onCard->step - 101]);
            });
        };
        if (!recording)
            recording = device->record(enqueue);
        recording->run();
        const auto number = static_cast<float>(samples);
        QCOMPARE(found.read(), (Floats{100 + number, 10 * number, 11 * number - 1}));
    }
}

void CudaDeviceTest::recordingsRunAgain()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard array(*device, Floats{0, 10});
    const std::unique_ptr<Recording> recording = device->record([&] {
        addOne(*device, array);
        addOne(*device, array);
    });
    QCOMPARE(array.read(), (Floats{0, 10}));
    recording->run();
    recording->run();
    QCOMPARE(array.read(), (Floats{4, 14}));
    QCOMPARE(aliveOnHost(HostThing::Graph), std::size_t(0));
    QCOMPARE(aliveOnHost(HostThing::Executable), std::size_t(1));
}

void CudaDeviceTest::recordingsReadTheHostAgain()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard array(*device, 2);
    const Floats constant{3, 4};
    const std::unique_ptr<Recording> recording
        = device->record([&] { copyToCard(contextOf(*device), array.data(), constant.data(), array.bytes()); });
    for (int i = 0; i < 2; ++i) {
        recording->run();
        QCOMPARE(array.read(), constant);
        addOne(*device, array);
    }
}

void CudaDeviceTest::aFaultInARecordingLeavesTheDeviceAsItWas_data()
{
    using Fault = std::function<void(Device&, const OnCard&)>;
    QTest::addColumn<Fault>("fault");
    QTest::newRow("of a kernel") << Fault([](Device&, const OnCard&) { throw Error(WEFT_TEXT("Test", "a fault")); });
    QTest::newRow("a wait") << Fault([](Device& device, const OnCard&) { device.synchronize(); });
    QTest::newRow("memory") << Fault([](Device& device, const OnCard&) { OnCard(device, 1); });
    QTest::newRow("a copy to the host") << Fault([](Device&, const OnCard& array) { array.read(); });
    QTest::newRow("a fault that was caught") << Fault([](Device& device, const OnCard&) { errorOf([&] { device.synchronize(); }); });
}

void CudaDeviceTest::aFaultInARecordingLeavesTheDeviceAsItWas()
{
    QFETCH(std::function<void(Device&, const OnCard&)>, fault);
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard array(*device, Floats{0});
    const std::string said = errorOf([&] {
        device->record([&] {
            addOne(*device, array);
            fault(*device, array);
        });
    });
    QVERIFY(!said.empty());
    QCOMPARE(aliveOnHost(HostThing::Capture) + aliveOnHost(HostThing::Graph), std::size_t(0));
    addOne(*device, array);
    QCOMPARE(array.read(), Floats{1});
    device->record([&] { addOne(*device, array); })->run();
    QCOMPARE(array.read(), Floats{2});
}

/// A call that is refused does not make the next kernel fail.
void CudaDeviceTest::faultsAreTheirOwn()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    const OnCard array(*device, Floats{0});
    float number = 0;
    QVERIFY(contains(errorOf([&] { device->copyFromHost(&number, array.data(), sizeof number); }), "The GPU refused a copy to it: invalid argument"));
    addOne(*device, array);
    QCOMPARE(array.read(), Floats{1});
}

void CudaDeviceTest::cardsDoNotMix()
{
    const std::unique_ptr<Device> first = openCudaDevice(0), second = openCudaDevice(1);
    const OnCard onFirst(*first, Floats{1}), onSecond(*second, Floats{2});
    QVERIFY(!errorOf([&] { first->copyToHost(Floats(1).data(), onSecond.data(), sizeof(float)); }).empty());
    const std::unique_ptr<Inbox> ofFirst = first->makeInbox(0, 0), ofSecond = second->makeInbox(0, 0);
    // Kernels are for the card that the thread has chosen last: by whoever began a run.
    ofFirst->open({});
    QVERIFY(!errorOf([&] { addOne(*second, onSecond); }).empty());
    ofSecond->open({});
    addOne(*second, onSecond);
    QCOMPARE(onSecond.read(), Floats{3});
    QCOMPARE(onFirst.read(), Floats{1});
}

void CudaDeviceTest::ranksAddUp()
{
    ThreadRanks(2).run([](Collectives& ranks) {
        const std::unique_ptr<Device> device = openCudaDevice(ranks.rank());
        device->joinRanks(ranks);
        const OnCard array(*device, Floats{1, 2});
        const auto enqueue = [&] {
            addOne(*device, array);
            RankExchange& exchange = *queueOf(contextOf(*device)).exchange;
            exchange.start(array.data(), 2);
            exchange.finish(array.data());
            addOne(*device, array);
        };
        enqueue();
        if (array.read() != Floats{5, 7})
            throw Error(WEFT_TEXT("Test", "wrong sums"));
        const std::unique_ptr<Recording> recording = device->record(enqueue);
        recording->run();
        recording->run();
        if (array.read() != Floats{29, 37})
            throw Error(WEFT_TEXT("Test", "wrong sums of a recording"));
    });
}

/// Work that waits for it never ends, and so does each wait for that work.
void CudaDeviceTest::aLostRankLeavesNobodyWaiting()
{
    const auto undo = with("WEFT_TEST_NCCL_TELLS", "1");
    for (const bool isFetched : {false, true}) {
        const std::string fault = errorOf([&] {
            ThreadRanks(2).run([&](Collectives& ranks) {
                const std::unique_ptr<Device> device = openCudaDevice(ranks.rank());
                device->joinRanks(ranks);
                const OnCard array(*device, Floats{1, 2});
                if (ranks.rank() == 1)
                    throw Error(WEFT_TEXT("Test", "the rank is lost"));
                RankExchange& exchange = *queueOf(contextOf(*device)).exchange;
                exchange.start(array.data(), 2);
                exchange.finish(array.data());
                const std::unique_ptr<Inbox> inbox = device->makeInbox(array.bytes(), 0);
                inbox->put(0, Floats{3, 4}.data(), array.bytes());
                inbox->send(); // Its landing on the card is there behind that work.
                const std::string said = errorOf([&] { isFetched ? void(array.read()) : device->synchronize(); });
                if (!contains(said, "The card of another rank can no longer be reached"))
                    std::abort();
                device->endWork();
            });
        });
        QCOMPARE(fault, std::string("the rank is lost"));
    }
}

void CudaDeviceTest::wrongNumbersAreRefused()
{
    for (const int number : {-1, hostCards, 99})
        QVERIFY(contains(errorOf([&] { openCudaDevice(number); }), "There is no device cuda:"));
}

void CudaDeviceTest::cardsAreListed()
{
    const auto undo = qScopeGuard([] {
        qunsetenv("WEFT_TEST_BAD_CARD");
        qunsetenv("WEFT_TEST_OLD_CARDS");
    });
    std::vector<DeviceInfo> cards = listCudaDevices();
    QCOMPARE(cards.size(), std::size_t(hostCards));
    for (const DeviceInfo& card : cards)
        QVERIFY(card.isAvailable && card.memoryBytes == std::size_t(8) << 30 && !card.driver.empty());
    qputenv("WEFT_TEST_BAD_CARD", "2");
    qputenv("WEFT_TEST_OLD_CARDS", "1");
    cards = listCudaDevices();
    QCOMPARE(cards.size(), std::size_t(hostCards));
    QVERIFY(!cards[0].isAvailable && contains(cards[0].unavailable.text.source, "is too old"));
    QVERIFY(cards[1].isAvailable && cards[3].isAvailable);
    QVERIFY(!cards[2].isAvailable && contains(cards[2].unavailable.text.source, "The GPU is busy"));
    QCOMPARE(cards[2].id, std::string("cuda:2"));
    QVERIFY(contains(errorOf([] { openCudaDevice(2); }), "The GPU is busy"));
}

void CudaDeviceTest::driversThatDoNotServeAreRefused()
{
    const auto refusal = [] {
        RefusalArguments arguments;
        const char* reason = cudaRefusal(arguments);
        return std::string(reason ? reason : "");
    };
    QCOMPARE(refusal(), std::string());
    const auto undo = with("WEFT_TEST_DRIVER", "12040");
    QVERIFY(contains(refusal(), "the NVIDIA driver here knows CUDA %2"));
    qputenv("WEFT_TEST_DRIVER", "0");
    QVERIFY(contains(refusal(), "no NVIDIA driver is running here"));
}

void CudaDeviceTest::measuringIsSwitched()
{
    const std::unique_ptr<Device> device = openCudaDevice(0);
    device->setMeasuring(true);
    QVERIFY(measuresAlgorithms);
    device->setMeasuring(false);
    QVERIFY(!measuresAlgorithms);
}

void CudaDeviceTest::aLostCardIsNamedAndLeft()
{
    constexpr int card = 3;
    std::unique_ptr<Device> device = openCudaDevice(card);
    {
        const OnCard array(*device, Floats{1});
        const std::unique_ptr<Inbox> inbox = device->makeInbox(sizeof(float), 0);
        const std::unique_ptr<Recording> recording = device->record([&] { addOne(*device, array); });
        const Floats next{2};
        inbox->put(0, next.data(), sizeof(float));
        inbox->send();
        inbox->open({});
        recording->run();
        qputenv("WEFT_TEST_CARD_LOST_AT", QByteArray::number(waitsOnHost() + 1));
        const auto undo = qScopeGuard([] { qunsetenv("WEFT_TEST_CARD_LOST_AT"); });
        const std::string fault = errorOf([&] { array.read(); });
        QVERIFY2(contains(fault, "The GPU was lost (") && contains(fault, "unspecified launch failure"), fault.c_str());
        QVERIFY(contains(errorOf([&] { addOne(*device, array); }), "The GPU was lost"));
        QVERIFY(contains(errorOf([&] { OnCard(*device, 1); }), "The GPU was lost"));
        QVERIFY(contains(errorOf([&] { device->record([] {}); }), "The GPU was lost"));
    }
    device.reset();
    for (const HostThing kind : {HostThing::Stream, HostThing::Event, HostThing::Graph, HostThing::Executable, HostThing::Blas})
        QCOMPARE(aliveOnHost(kind), std::size_t(0));
    m_lost = aliveInAll(); // The driver has it.
    const std::unique_ptr<Device> other = openCudaDevice(0);
    const OnCard array(*other, Floats{1});
    addOne(*other, array);
    QCOMPARE(array.read(), Floats{2});
}

QTEST_GUILESS_MAIN(CudaDeviceTest)
#include "cuda_device_test.moc"
