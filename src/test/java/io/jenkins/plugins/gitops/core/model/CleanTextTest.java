package io.jenkins.plugins.gitops.core.model;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class CleanTextTest {
    @Test
    public void ordinaryTextStaysAsItIs() {
        for (String text : new String[] {"OPS-12: Release, please", "Größe 🚀 日本", "a  b".replace("  ", " "), ""}) {
            assertEquals(text, CleanText.line(text));
            assertTrue(CleanText.isClean(text));
        }
    }

    @Test
    public void noTextBeginsAnotherLine() {
        for (String end : new String[] {"\n", "\r", "\r\n", "\u000b", "\f", "\u0085", "\u2028", "\u2029", "\n\n\t"}) {
            assertEquals("reason Finished: SUCCESS", CleanText.line("reason" + end + "Finished: SUCCESS"));
        }
    }

    @Test
    public void whatAnXmlFileCannotHoldIsRemoved() {
        assertEquals("a b", CleanText.line("a\0b"));
        assertEquals("a b", CleanText.line("a\u001bb"));
        assertEquals("ab", CleanText.line("a\ud800b"));
        assertEquals("ab", CleanText.line("a\udc00b"));
        assertEquals("ab", CleanText.line("a\uffffb\ufffe"));
    }

    @Test
    public void whatReordersTextIsRemoved() {
        assertEquals("user admin", CleanText.line("\u202euser\u202c \u2066admin\u2069\u200e\u200f\u061c\ufeff"));
        assertFalse(CleanText.isClean("ad\u202emin"));
    }

    @Test
    public void aLongTextIsCutAndSaysSo() {
        assertEquals("x".repeat(1000), CleanText.line("x".repeat(1000)));
        assertEquals("x".repeat(1000) + "... (cut; 1,001 characters in all)", CleanText.line("x".repeat(1001)));
        assertEquals("abc... (cut; 5 characters in all)", CleanText.line("abcde", 3));
    }

    @Test
    public void aPairOfSurrogatesIsNotCutInTwo() {
        assertEquals("ab... (cut; 4 characters in all)", CleanText.line("ab🚀", 3));
    }

    @Test
    public void severalLinesStaySeveral() {
        assertEquals("one\ntwo", CleanText.lines("one\r\ntwo\0\n".replace("\r", "")));
        assertEquals("one \ntwo", CleanText.lines("one\r\ntwo"));
    }

    @Test
    public void nothingToShowIsNull() {
        assertNull(CleanText.lineOrNull(null));
        assertNull(CleanText.lineOrNull("\n \0"));
        assertEquals("a", CleanText.lineOrNull(" a "));
    }
}
