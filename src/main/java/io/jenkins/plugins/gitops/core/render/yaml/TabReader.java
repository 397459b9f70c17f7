package io.jenkins.plugins.gitops.core.render.yaml;

import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Treats tabs as go-yaml does: as spaces between the tokens of a line, such as before a comment. At the start of a
 * line, and after the dash of a list entry, a tab is kept, so that the scanner rejects it. The text of scalars keeps
 * its tabs, since it is copied unchanged. The rule is {@code yaml_parser_scan_to_next_token} of go-yaml 3.
 */
final class TabReader extends StreamReader {
    /** What precedes the next character on its line. */
    private enum LineContext {
        NOTHING,
        INDICATOR,
        TOKEN
    }

    private LineContext lineContext = LineContext.NOTHING;
    private boolean afterBlank = true;

    TabReader(String text) {
        super(text);
    }

    @Override
    public int peek() {
        int next = super.peek();
        return next == '\t' && lineContext == LineContext.TOKEN ? ' ' : next;
    }

    @Override
    public int peek(int index) {
        return index == 0 ? peek() : super.peek(index);
    }

    @Override
    public void forward() {
        pass(1);
        super.forward();
    }

    @Override
    public void forward(int length) {
        pass(length);
        super.forward(length);
    }

    @Override
    public String prefixForward(int length) {
        pass(length);
        return super.prefixForward(length);
    }

    private void pass(int length) {
        for (int i = 0; i < length; i++) {
            int next = super.peek(i);
            if (next == '\n' || next == '\r') {
                lineContext = LineContext.NOTHING;
                afterBlank = true;
            } else if (next == ' ' || next == '\t') {
                afterBlank = true;
            } else {
                lineContext = afterBlank && (next == '-' || next == '?') ? LineContext.INDICATOR : LineContext.TOKEN;
                afterBlank = false;
            }
        }
    }
}
