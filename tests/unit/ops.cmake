foreach(part elementwise gradient optimizers sequence shape training window)
  weft_test(ops_${part}_test SOURCES ${CMAKE_CURRENT_LIST_DIR}/ops_${part}_test.cpp)
  # Qt's macro `slots` would change the optimizers' slots.
  target_compile_definitions(ops_${part}_test PRIVATE QT_NO_KEYWORDS)
endforeach()
