# The kernels of the CUDA plugin, built without nvcc: a plugin whose card is this process, one element after the other.
set(host_kernels ${WEFT_CUDA_KERNELS} ${CMAKE_SOURCE_DIR}/core/device/cuda/cuda_plugin.cu)
add_library(weft_cuda_host MODULE ${host_kernels} ${CMAKE_SOURCE_DIR}/core/device/cuda/driver_version.cpp ${CMAKE_SOURCE_DIR}/tests/cuda_host/card_memory.cpp ${CMAKE_SOURCE_DIR}/tests/cuda_host/host_card.cpp)
set_source_files_properties(${host_kernels} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-xc++")
set_target_properties(weft_cuda_host PROPERTIES OUTPUT_NAME weft_cuda LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/cuda_host)
target_include_directories(weft_cuda_host BEFORE PRIVATE ${CMAKE_SOURCE_DIR}/tests/cuda_host ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(weft_cuda_host PRIVATE ${WEFT_WARNINGS})
target_link_libraries(weft_cuda_host PRIVATE weft)
add_dependencies(weft_cuda_host weft)
weft_test(cuda_kernels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/cuda_kernels_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp)
add_dependencies(cuda_kernels_test weft_cuda_host)
set_property(TEST cuda_kernels_test APPEND PROPERTY ENVIRONMENT "WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host")

weft_test(card_training_test SOURCES ${CMAKE_SOURCE_DIR}/tests/system/card_training_test.cpp)
add_dependencies(card_training_test weft-cli weft_cuda_host)
set_property(TEST card_training_test APPEND PROPERTY ENVIRONMENT "WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host")

# Tests of others with that card.
function(on_host_card name of)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${CMAKE_BINARY_DIR}/test-home/${name} $<TARGET_FILE:${of}> ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;WEFT_PLUGIN_DIR=${CMAKE_BINARY_DIR}/tests/cuda_host")
endfunction()
on_host_card(cuda_layers_test layers_training_test everyLayerTrainsAlikeOnACard)
on_host_card(cuda_loss_scale_test training_loss_scale_test)
on_host_card(cuda_memory_test training_memory_test aCardThatIsTooSmallIsNamedBeforeTheRun)
