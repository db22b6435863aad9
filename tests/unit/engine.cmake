weft_test(memory_plan_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_memory_plan_test.cpp ${CMAKE_SOURCE_DIR}/core/engine/memory_plan.cpp)
weft_test(engine_session_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_session_test.cpp)
weft_test(engine_plan_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_plan_test.cpp)
weft_test(engine_passes_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_passes_test.cpp)
weft_test(engine_rows_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_rows_test.cpp)
weft_test(differentiate_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_differentiate_test.cpp)

# The same where OpenMP gives fewer threads than there are cores.
add_test(NAME engine_plan_limited_test COMMAND engine_plan_test)
get_test_property(engine_plan_test ENVIRONMENT environment)
set_tests_properties(engine_plan_limited_test PROPERTIES LABELS unit TIMEOUT 300 ENVIRONMENT "${environment};OMP_THREAD_LIMIT=1")

# Plugins for the loader's test, each faulty in its own way.
foreach(plugin good wrong_build unwilling no_export)
  add_library(test_plugin_${plugin} MODULE ${CMAKE_CURRENT_LIST_DIR}/engine_plugin_${plugin}.cpp)
  set_target_properties(test_plugin_${plugin} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/plugins)
  target_include_directories(test_plugin_${plugin} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
  target_compile_options(test_plugin_${plugin} PRIVATE ${WEFT_WARNINGS})
  add_dependencies(test_plugin_${plugin} weft)
endforeach()
weft_test(engine_plugin_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/engine_plugin_test.cpp)
target_compile_definitions(engine_plugin_test PRIVATE TEST_PLUGINS="${CMAKE_BINARY_DIR}/tests/plugins")
add_dependencies(engine_plugin_test test_plugin_good test_plugin_wrong_build test_plugin_unwilling test_plugin_no_export)

# Qt's keyword `slots` would change the optimizer's field of that name.
foreach(test memory_plan_test engine_session_test engine_plan_test engine_passes_test engine_rows_test differentiate_test engine_plugin_test)
  target_compile_definitions(${test} PRIVATE QT_NO_KEYWORDS)
endforeach()
