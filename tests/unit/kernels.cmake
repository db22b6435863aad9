weft_test(lanes_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/lanes_test.cpp)
weft_test(masks_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/masks_test.cpp)
weft_test(levels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/levels_test.cpp)
weft_test(kernels_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/kernels_test.cpp ${CMAKE_CURRENT_LIST_DIR}/kernel_cases.cpp ${CMAKE_CURRENT_LIST_DIR}/card_kernel_cases.cpp)
# The same where OpenMP gives fewer threads than a kernel was made for: one then does the parts of several.
add_test(NAME kernels_one_thread_test COMMAND ${CMAKE_SOURCE_DIR}/tests/fresh_home ${CMAKE_BINARY_DIR}/test-home/kernels_one_thread_test $<TARGET_FILE:kernels_test>)
set_tests_properties(kernels_one_thread_test PROPERTIES LABELS unit TIMEOUT 300
  ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;OMP_THREAD_LIMIT=1")
