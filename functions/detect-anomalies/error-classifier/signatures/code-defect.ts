/** The script's own logic is at fault: exceptions that no data, service or setting explains. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const codeDefect = signaturesOf('code_defect', [
  {
    id: 'python-exception', confidence: 0.78,
    says: ['TypeError', 'AttributeError', 'NameError', 'KeyError', 'IndexError', 'UnboundLocalError', 'ZeroDivisionError', 'AssertionError', 'NotImplementedError', 'StopIteration', 'object has no attribute', 'object is not callable', 'object is not iterable', 'object is not subscriptable', 'list index out of range', 'is not defined', 'positional argument', 'unexpected keyword argument', 'unhashable type', 'PicklingError', 'Could not serialize object', 'cannot pickle', 'can\'t pickle', 'CONTEXT_ONLY_VALID_ON_DRIVER', 'It appears that you are attempting to reference SparkContext', 'local variable … referenced before assignment', 'PySparkTypeError', 'PySparkValueError', 'PySparkAttributeError', 'Invalid argument, not a string or column'],
    match: ['AttributeError: \'NoneType\' object has no attribute \'count\''],
    noMatch: ['ERROR type column must be a word'],
  },
  {
    id: 'syntax-error', confidence: 0.92,
    says: ['SyntaxError', 'IndentationError', 'TabError', 'PARSE_SYNTAX_ERROR', 'ParseException', 'mismatched input', 'extraneous input', 'Syntax error at or near', 'syntax error at or near', 'You have an error in your SQL syntax', 'Incorrect syntax near', 'ORA-00933', 'ORA-00936', 'ORA-00900', 'ORA-00907', 'no viable alternative', 'SYNTAX_ERROR', 'SQL compilation error', 'SQLSyntaxErrorException', 'error: not found: value', 'Undefined function', 'UNRESOLVED_ROUTINE', 'is neither a registered temporary function', 'FUNCTION_NOT_FOUND', 'function … does not exist', 'INVALID_FUNCTION_ARGUMENT', 'WRONG_NUM_ARGS', 'MISSING_AGGREGATION', 'is neither present in the group by', 'not an aggregate', 'MISSING_GROUP_BY', 'AMBIGUOUS_REFERENCE', 'Reference … is ambiguous', 'is ambiguous', 'ORA-00918', 'Detected implicit cartesian product', 'Found duplicate column', 'COLUMN_ALREADY_EXISTS', 'Resolved attribute(s) … missing', 'MISSING_ATTRIBUTES', 'UNSUPPORTED_EXPR', 'Queries with streaming sources must be executed', 'GROUPING_', 'NUM_COLUMNS_MISMATCH'],
    match: ['pyspark.errors.exceptions.captured.ParseException: [PARSE_SYNTAX_ERROR] Syntax error at or near \'form\'.(line 1, pos 9)'],
    noMatch: ['ERROR the syntax column is blank'],
  },
  {
    id: 'jvm-exception', confidence: 0.72,
    says: ['NullPointerException', 'ArrayIndexOutOfBoundsException', 'IndexOutOfBoundsException', 'StringIndexOutOfBoundsException', 'ClassCastException', 'MatchError', 'ArithmeticException', 'DIVIDE_BY_ZERO', 'DIVISION_BY_ZERO', 'division by zero', 'NegativeArraySizeException', 'Task not serializable', 'NotSerializableException', 'IllegalStateException', 'None.get', 'NoSuchElementException', 'ConcurrentModificationException', 'requirement failed', 'Method … does not exist', 'InputMismatchException', 'UNSUPPORTED_OPERATION', 'object not serializable', 'IllegalArgumentException', 'UnsupportedOperationException'],
    match: ['java.lang.NullPointerException: Cannot invoke "String.length()" because "name" is null'],
    noMatch: ['ERROR the pointer column is blank'],
  },
]);
