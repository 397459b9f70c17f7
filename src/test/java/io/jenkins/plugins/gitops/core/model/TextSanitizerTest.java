package io.jenkins.plugins.gitops.core.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class TextSanitizerTest {
    @Test
    public void ordinaryTextIsUnchanged() {
        for (String text : new String[] {"OPS-12: Release, please", "Größe 🚀 日本", "a  b".replace("  ", " "), ""}) {
            assertEquals(text, TextSanitizer.line(text));
            assertTrue(TextSanitizer.isClean(text));
        }
    }

    @Test
    public void lineBreaksAreReplaced() {
        for (String end : new String[] {"\n", "\r", "\r\n", "\u000b", "\f", "\u0085", "\u2028", "\u2029", "\n\n\t"}) {
            assertEquals("reason Finished: SUCCESS", TextSanitizer.line("reason" + end + "Finished: SUCCESS"));
        }
    }

    @Test
    public void charactersInvalidInXmlAreRemoved() {
        assertEquals("a b", TextSanitizer.line("a\0b"));
        assertEquals("a b", TextSanitizer.line("a\u001bb"));
        assertEquals("ab", TextSanitizer.line("a\ud800b"));
        assertEquals("ab", TextSanitizer.line("a\udc00b"));
        assertEquals("ab", TextSanitizer.line("a\uffffb\ufffe"));
    }

    @Test
    public void bidirectionalControlsAreRemoved() {
        assertEquals("user admin", TextSanitizer.line("\u202euser\u202c \u2066admin\u2069\u200e\u200f\u061c\ufeff"));
        assertFalse(TextSanitizer.isClean("ad\u202emin"));
    }

    @Test
    public void longTextIsTruncatedVisibly() {
        assertEquals("x".repeat(1000), TextSanitizer.line("x".repeat(1000)));
        assertEquals("x".repeat(1000) + "... (cut; 1,001 characters in all)", TextSanitizer.line("x".repeat(1001)));
        assertEquals("abc... (cut; 5 characters in all)", TextSanitizer.line("abcde", 3));
    }

    @Test
    public void surrogatePairIsNotSplit() {
        assertEquals("ab... (cut; 4 characters in all)", TextSanitizer.line("ab🚀", 3));
    }

    @Test
    public void multipleLinesAreKept() {
        assertEquals("one\ntwo", TextSanitizer.lines("one\r\ntwo\0\n".replace("\r", "")));
        assertEquals("one \ntwo", TextSanitizer.lines("one\r\ntwo"));
    }

    @Test
    public void blankTextIsNull() {
        assertNull(TextSanitizer.lineOrNull(null));
        assertNull(TextSanitizer.lineOrNull("\n \0"));
        assertEquals("a", TextSanitizer.lineOrNull(" a "));
    }
}
