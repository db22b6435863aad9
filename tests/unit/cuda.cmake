# The CUDA plugin, built without nvcc: a plugin whose cards are this process, which stands in for CUDA's runtime, cuBLASLt, cuDNN
# and NCCL as well. What is beside its kernels is built once, for tests of it alone too.
set(cuda_sources ${CMAKE_SOURCE_DIR}/core/device/cuda)
set(device_sources ${cuda_sources}/cuda_device.cu ${cuda_sources}/fetching.cu ${cuda_sources}/inbox.cu ${cuda_sources}/product.cu
  ${cuda_sources}/cuda_fault.cpp ${cuda_sources}/driver_version.cpp ${cuda_sources}/nccl_communicator.cpp ${cuda_sources}/nccl_exchange.cpp)
set(host_kernels ${WEFT_CUDA_KERNELS} ${cuda_sources}/cuda_plugin.cu)
set(host_sources card_memory.cpp host_blas.cpp host_capture.cpp host_cudnn.cpp host_devices.cpp host_graph.cpp host_memory.cpp host_nccl.cpp
  host_operations.cpp host_product.cpp host_runtime.cpp host_streams.cpp host_team.cpp rounding.cpp)
list(TRANSFORM host_sources PREPEND ${CMAKE_SOURCE_DIR}/tests/cuda_host/)
add_library(weft_host_card OBJECT ${device_sources} ${host_sources})
add_library(weft_cuda_host MODULE ${host_kernels} ${WEFT_CUDNN_SOURCES})
set_source_files_properties(${host_kernels} ${device_sources} PROPERTIES LANGUAGE CXX)
foreach(source IN LISTS host_kernels device_sources)
  if(source MATCHES "[.]cu$")
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "-xc++")
  endif()
endforeach()
foreach(target weft_host_card weft_cuda_host)
  target_include_directories(${target} BEFORE PRIVATE ${CMAKE_SOURCE_DIR}/tests/cuda_host ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_compile_options(${target} PRIVATE ${WEFT_WARNINGS})
endforeach()
set_target_properties(weft_host_card PROPERTIES POSITION_INDEPENDENT_CODE ON)
set_target_properties(weft_cuda_host PROPERTIES OUTPUT_NAME weft_cuda LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/cuda_host)
target_link_libraries(weft_cuda_host PRIVATE weft weft_host_card)
add_dependencies(weft_cuda_host weft)
# The device itself, its products, and what they are held against.
foreach(test cuda_device_test cuda_product_test cuda_host_test)
  weft_test(${test} SOURCES ${CMAKE_CURRENT_LIST_DIR}/${test}.cpp LIBS weft_host_card)
  target_include_directories(${test} BEFORE PRIVATE ${CMAKE_SOURCE_DIR}/tests/cuda_host)
endforeach()
weft_test(cuda_kernels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/cuda_kernels_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp ${CMAKE_CURRENT_LIST_DIR}/card_kernel_cases.cpp)
weft_test(channels_last_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/channels_last_test.cpp)
weft_test(chain_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/chain_test.cpp)
target_compile_definitions(chain_test PRIVATE QT_NO_KEYWORDS)
weft_test(fuse_elementwise_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuse_elementwise_test.cpp)
weft_test(dense_gradients_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/dense_gradients_test.cpp)
target_compile_definitions(dense_gradients_test PRIVATE QT_NO_KEYWORDS)
weft_test(attention_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/attention_test.cpp)
weft_test(fused_batch_norm_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/fused_batch_norm_test.cpp)
weft_test(fused_layer_norm_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/fused_layer_norm_test.cpp)
weft_test(fused_loss_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/fused_loss_test.cpp)
weft_test(card_passes_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/card_passes_test.cpp)
weft_test(sixteen_bits_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/sixteen_bits_test.cpp)
weft_test(cuda_stored_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/cuda_stored_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp ${CMAKE_CURRENT_LIST_DIR}/card_kernel_cases.cpp)
foreach(test cuda_kernels_test cuda_stored_test chain_test fuse_elementwise_test dense_gradients_test channels_last_test attention_test fused_batch_norm_test fused_layer_norm_test fused_loss_test card_passes_test sixteen_bits_test)
  add_dependencies(${test} weft_cuda_host)
  set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT "WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host")
endforeach()

weft_test(card_training_test SOURCES ${CMAKE_SOURCE_DIR}/tests/system/card_training_test.cpp)
add_dependencies(card_training_test weft-cli weft_cuda_host)
set_property(TEST card_training_test APPEND PROPERTY ENVIRONMENT "WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host")

# Tests of others with that card.
function(on_host_card name of)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${CMAKE_BINARY_DIR}/test-home/${name} $<TARGET_FILE:${of}> ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host${WEFT_TEST_SANITIZER}")
endfunction()
# The plugin for ranks lies beside that of the card.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/tests/cuda_host)
file(CREATE_LINK ${CMAKE_BINARY_DIR}/lib/libweft_mpi.so ${CMAKE_BINARY_DIR}/tests/cuda_host/libweft_mpi.so SYMBOLIC)
# Teams of several threads at once. Under a thread sanitizer: what they share without waiting for each other.
on_host_card(cuda_teams_test cuda_kernels_test agreesWithReference)
set_property(TEST cuda_teams_test APPEND PROPERTY ENVIRONMENT "WEFT_TEST_TEAM=3")
# Our own convolutions, where cuDNN has none.
on_host_card(cuda_own_convolutions_test cuda_kernels_test agreesWithReference agreesWithChannelsLast)
on_host_card(cuda_own_stored_convolutions_test cuda_stored_test agreesWithReference)
set_property(TEST cuda_own_convolutions_test cuda_own_stored_convolutions_test APPEND PROPERTY ENVIRONMENT "WEFT_TEST_WITHOUT_CUDNN=1")
on_host_card(cuda_training_ranks_test training_ranks_test lossesAreThoseOfOneProcess ranksOnDifferentDevicesAreRefused cardsRefuseCompression
  aRankWithoutNcclIsNamed aRankWhoseCardCannotJoinIsNamed aLostRankEndsTheFirstStep
  repetitionGivesTheSameBits)
set_property(TEST cuda_training_ranks_test APPEND PROPERTY ENVIRONMENT "WEFT_TEST_DEVICE=cuda")
# `--device auto` gives each rank a card where there are enough.
on_host_card(cuda_ranks_test ranks_test twoRanksTrainAsOneProcess aKilledRankEndsAPlainMpirun aFrozenRankIsFoundByItsSilence
  replicasTrainAsRanksDo:none aFaultOfTheUserIsToldOnce)
set_property(TEST cuda_ranks_test APPEND PROPERTY ENVIRONMENT "WEFT_PROGRAM=${CMAKE_BINARY_DIR}/bin/weft;GOMP_SPINCOUNT=2000")
on_host_card(cuda_layers_test layers_training_test everyLayerTrainsAlikeOnACard everyLayerTrainsAlikeInSixteenBits layersOfPicturesTrainAlikeWithChannelsLast)
on_host_card(cuda_loss_scale_test training_loss_scale_test)
# Steps are begun there before the ones before them have ended.
on_host_card(cuda_resume_test training_resume_test)
on_host_card(cuda_run_test training_run_test)
set_property(TEST cuda_resume_test cuda_run_test APPEND PROPERTY ENVIRONMENT "WEFT_TEST_DEVICE=cuda")
on_host_card(cuda_memory_test training_memory_test aCardThatIsTooSmallIsNamedBeforeTheRun aCardIsForecastWithWhatLiesOnIt)

# The real cuDNN, where it is installed: it plans for cards by their properties, without one at hand.
find_path(CUDNN_INCLUDE_DIR cudnn.h HINTS /usr/local/cuda/include)
find_path(WEFT_CUDA_INCLUDE_DIR cuda_runtime_api.h HINTS /usr/local/cuda/include)
find_library(CUDNN_LIBRARY cudnn HINTS /usr/local/cuda/lib64 /usr/local/cuda/lib)
if(CUDNN_INCLUDE_DIR AND WEFT_CUDA_INCLUDE_DIR AND CUDNN_LIBRARY)
  weft_test(cudnn_plans_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/cudnn_plans_test.cpp ${cuda_sources}/dnn_descriptor.cpp ${cuda_sources}/dnn_graph.cpp
    ${cuda_sources}/dnn_plan.cpp ${CMAKE_SOURCE_DIR}/core/ops/conv/conv_graph.cpp ${CMAKE_SOURCE_DIR}/core/ops/attention/attention_graph.cpp)
  target_include_directories(cudnn_plans_test SYSTEM PRIVATE ${CUDNN_INCLUDE_DIR} ${WEFT_CUDA_INCLUDE_DIR})
  target_link_libraries(cudnn_plans_test PRIVATE ${CUDNN_LIBRARY})
  add_library(weft_test_driver SHARED ${CMAKE_SOURCE_DIR}/tests/cuda_host/driver/driver.cpp)
  set_target_properties(weft_test_driver PROPERTIES OUTPUT_NAME cuda SOVERSION 1 LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/driver)
  add_dependencies(cudnn_plans_test weft_test_driver)
  add_test(NAME cudnn_compiled_plans_test COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${CMAKE_BINARY_DIR}/test-home/cudnn_compiled_plans_test
    $<TARGET_FILE:cudnn_plans_test> attentionHasAPlan)
  set_tests_properties(cudnn_compiled_plans_test PROPERTIES LABELS unit TIMEOUT 300 FAIL_REGULAR_EXPRESSION "not run: cuDNN compiles"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;LD_LIBRARY_PATH=${CMAKE_BINARY_DIR}/tests/driver")
else()
  message(STATUS "cudnn_plans_test is not built: cuDNN is not installed")
endif()

# Tests skip what needs a card where there is none; this one has to be there.
set_property(TEST cuda_kernels_test cuda_stored_test chain_test fuse_elementwise_test dense_gradients_test channels_last_test attention_test fused_batch_norm_test fused_layer_norm_test fused_loss_test card_passes_test sixteen_bits_test card_training_test cuda_teams_test
  cuda_own_convolutions_test cuda_own_stored_convolutions_test cuda_training_ranks_test cuda_ranks_test cuda_layers_test cuda_loss_scale_test
  cuda_memory_test PROPERTY FAIL_REGULAR_EXPRESSION "libweft_cuda.so cannot be opened")
