/** The script's own logic is at fault: exceptions that no data, service or setting explains. */
import { signaturesOf } from '../signature.ts';

// biome-ignore format: lists of phrases
export const codeDefect = signaturesOf('code_defect', [
  {
    id: 'python-exception', confidence: 0.8,
    says: ['TypeError', 'AttributeError', 'NameError', 'KeyError', 'IndexError', 'UnboundLocalError', 'ZeroDivisionError', 'AssertionError', 'NotImplementedError', 'StopIteration', 'object has no attribute', 'object is not callable', 'object is not iterable', 'object is not subscriptable', 'not subscriptable', 'list index out of range', 'is not defined', 'positional argument', 'unexpected keyword argument', 'unhashable type', 'PicklingError', 'Could not serialize object', 'cannot pickle', 'can\'t pickle', 'CONTEXT_ONLY_VALID_ON_DRIVER', 'attempting to reference SparkContext', 'attempting to broadcast an RDD', 'referenced before assignment', 'cannot access local variable', 'PySparkTypeError', 'PySparkValueError', 'PySparkAttributeError', 'not a string or column', 'NOT_COLUMN', 'NOT_A_COLUMN', 'Cannot convert column into bool', 'CANNOT_CONVERT_COLUMN_INTO_BOOL', 'truth value of', 'must be of the same length', 'must pass an index', 'unsupported operand type', 'must be str', 'must be a string', 'not enough values to unpack', 'too many values to unpack', 'has no attribute', 'Method … does not exist', 'Target Object ID does not exist', 'not all arguments converted', 'dictionary changed size', 'OverflowError', 'Unsupported literal type', 'UNSUPPORTED_LITERAL', 'CANNOT_INVOKE_IN_TRANSFORMATIONS', 'Dataset transformations and actions can only be invoked', 'RDD transformations and actions are NOT invoked by the driver', 'This RDD lacks a SparkContext', 'RecordBatch … iterator', 'UDF … return', 'return type of the user-defined function', 'name … is not defined', 'circular import', 'coroutine', 'invalid index to scalar', 'operands could not be broadcast', 'Singleton array', 'argument must be', 'missing 1 required', 'required positional'],
    unless: ['config'],
    match: ['AttributeError: \'NoneType\' object has no attribute \'count\''],
    noMatch: ['ERROR type column must be a word'],
  },
  {
    id: 'python-value-error', confidence: 0.62,
    says: ['ValueError', 'RuntimeError', 'PythonException'],
    unless: ['traceback (most recent'],
    match: ['ValueError: I/O operation on closed file.'],
    noMatch: ['ERROR value column must be a word'],
  },
  {
    id: 'syntax-error', confidence: 0.94,
    says: ['SyntaxError', 'IndentationError', 'TabError', 'PARSE_SYNTAX_ERROR', 'PARSE_EMPTY_STATEMENT', 'parser.ParseException', 'exceptions.ParseException', 'utils.ParseException', 'captured.ParseException', 'spark.sql.catalyst.parser', 'ParseException line', 'mismatched input', 'extraneous input', 'syntax error', 'error in your SQL syntax', 'Incorrect syntax near', 'ORA-00933', 'ORA-00936', 'ORA-00900', 'ORA-00907', 'ORA-00911', 'ORA-00923', 'ORA-00905', 'ORA-00979', 'no viable alternative', 'SYNTAX_ERROR', 'SQLSyntaxErrorException: You', 'error: not found:', 'error: value … is not a member', 'error: type mismatch', 'is not a member of', 'not found: value', 'not found: type', 'Undefined function', 'UNRESOLVED_ROUTINE', 'UNDEFINED_FUNCTION', 'neither a registered temporary function', 'FUNCTION_NOT_FOUND', 'function … does not exist', 'Function … not registered', 'Function … not found', 'Unknown function', 'Invalid function', 'INVALID_FUNCTION_ARGUMENT', 'INVALID_PARAMETER_VALUE', 'WRONG_NUM_ARGS', 'Invalid number of arguments', 'MISSING_AGGREGATION', 'MISSING_GROUP_BY', 'neither present in the group by', 'must appear in the GROUP BY', 'not an aggregate', 'AMBIGUOUS_', 'is ambiguous', 'ORA-00918', 'implicit cartesian product', 'Resolved attribute(s) … missing', 'MISSING_ATTRIBUTES', 'Queries with streaming sources must be executed', 'GROUPING_', 'UNSUPPORTED_SUBQUERY', 'NESTED_AGGREGATE', 'INVALID_WHERE', 'Window function … requires', 'EXPRESSION_NOT_AGGREGATE', 'EXPECTED_TABLE_NOT_VIEW', 'Multiple streaming aggregations', 'Append output mode not supported', 'SemanticException', 'unexpected token', 'unexpected indent', 'invalid syntax', 'Self join', 'conflicting attributes'],
    unless: ['unexpected token in json', 'partition spec', 'table not found', 'invalid table alias or column', 'json', 'column reference', 'access denied'],
    match: ['pyspark.errors.exceptions.captured.ParseException: [PARSE_SYNTAX_ERROR] Syntax error at or near \'form\'.(line 1, pos 9)'],
    noMatch: ['ERROR the syntax column is blank'],
  },
  {
    id: 'sqlstate-syntax', confidence: 0.8,
    says: ['SQLSTATE', 'SQL State'],
    pattern: "(?i)sql ?state[ :=\\[('\"]{1,3}(?:42601|42000|42883|42803|42702|42P18|42P10|42P02)",
    match: ['Statement refused. SQLSTATE: 42883'],
    noMatch: ['ERROR SQLSTATE: 22012'],
  },
  {
    id: 'jvm-exception', confidence: 0.76,
    says: ['NullPointerException', 'ArrayIndexOutOfBoundsException', 'IndexOutOfBoundsException', 'StringIndexOutOfBoundsException', 'ClassCastException', 'MatchError', 'ArithmeticException', 'DIVIDE_BY_ZERO', 'DIVISION_BY_ZERO', 'division by zero', '/ by zero', 'NegativeArraySizeException', 'Task not serializable', 'NotSerializableException', 'object not serializable', 'None.get', 'NoSuchElementException', 'java.util.ConcurrentModificationException', 'requirement failed', 'InputMismatchException', 'UNSUPPORTED_OPERATION', 'assertion failed', 'java.lang.AssertionError', 'Type mismatch in key from map', 'Type mismatch in value from map', 'wrong key class', 'wrong value class', 'FAILED_EXECUTE_UDF', 'Failed to execute user defined function', 'KafkaConsumer is not safe for multi-threaded', 'SparkContext has been shutdown', 'stopped SparkContext', 'scala.NotImplementedError', 'subprocess failed with code', 'Exception in User Class: java.lang'],
    match: ['java.lang.NullPointerException: Cannot invoke "String.length()" because "name" is null'],
    noMatch: ['ERROR the pointer column is blank'],
  },
  {
    id: 'jvm-general-exception', confidence: 0.55, symptom: true,
    says: ['IllegalStateException', 'IllegalArgumentException', 'UnsupportedOperationException', 'AnalysisException', 'ProgrammingError'],
    match: ['java.lang.IllegalStateException: reader was used twice'],
    noMatch: ['ERROR the state column is blank'],
  },
]);
