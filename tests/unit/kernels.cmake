weft_test(lanes_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/lanes_test.cpp)
weft_test(masks_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/masks_test.cpp)
weft_test(levels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/levels_test.cpp)
weft_test(kernels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/kernels_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp)
