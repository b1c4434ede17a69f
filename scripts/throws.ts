import ts from 'typescript';

/**
 * Makes a function that tells whether calling something may throw by our own hand: it, or a function of the
 * repository that it calls at once, holds a `throw` outside a `try` that catches. Async functions reject the same way.
 */
export function createThrowFinder(checker: ts.TypeChecker): (symbol: ts.Symbol) => boolean {
  const known = new Map<ts.Node, boolean>();

  const bodyThrows = (declaration: ts.Node): boolean => {
    const answer = known.get(declaration);
    if (answer !== undefined) return answer;
    known.set(declaration, false); // a recursive call adds nothing
    const body = bodyOf(declaration);
    const result = body !== undefined && throwsWithin(body);
    known.set(declaration, result);
    return result;
  };

  const throwsWithin = (node: ts.Node): boolean => {
    if (ts.isThrowStatement(node)) return true;
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isTryStatement(node) && node.catchClause !== undefined) {
      return (
        throwsWithin(node.catchClause.block) || (node.finallyBlock ? throwsWithin(node.finallyBlock) : false)
      );
    }
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && calleeThrows(node)) return true;
    return ts.forEachChild(node, (child) => throwsWithin(child) || undefined) ?? false;
  };

  const calleeThrows = (call: ts.CallExpression | ts.NewExpression): boolean => {
    const declaration = checker.getResolvedSignature(call)?.declaration;
    return (
      declaration !== undefined && !declaration.getSourceFile().isDeclarationFile && bodyThrows(declaration)
    );
  };

  return (symbol) => (symbol.declarations ?? []).some((declaration) => bodyThrows(declaration));
}

function bodyOf(declaration: ts.Node): ts.Node | undefined {
  if (ts.isClassLike(declaration)) return declaration.members.find(ts.isConstructorDeclaration)?.body;
  if (ts.isVariableDeclaration(declaration))
    return declaration.initializer && bodyOf(declaration.initializer);
  return ts.isFunctionLike(declaration) && 'body' in declaration ? declaration.body : undefined;
}
