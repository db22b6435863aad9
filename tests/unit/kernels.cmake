weft_test(lanes_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/lanes_test.cpp)
weft_test(kernels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/kernels_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp)
# Waiting threads sleep: on a busy machine spinning ones keep the others from a core.
set_property(TEST kernels_test APPEND PROPERTY ENVIRONMENT "OMP_WAIT_POLICY=passive")
