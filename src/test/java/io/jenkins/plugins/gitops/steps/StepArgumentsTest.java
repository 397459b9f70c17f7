package io.jenkins.plugins.gitops.steps;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.steps.StepArguments.Parameter;
import io.jenkins.plugins.gitops.steps.StepArguments.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class StepArgumentsTest {
    private static final StepArguments ARGUMENTS = new StepArguments(
            "gitopsTest",
            Map.of(
                    "env", new Parameter(Type.of(String.class), true),
                    "tag", new Parameter(Type.of(String.class), false),
                    "reason", new Parameter(Type.of(String.class), false),
                    "images", new Parameter(Type.of(List.class), false),
                    "force", new Parameter(Type.of(boolean.class), false),
                    "timeout", new Parameter(Type.of(Object.class), false)));

    private static Map<String, Object> with(String name, Object value) {
        Map<String, Object> given = new HashMap<>();
        given.put("env", "dev");
        given.put(name, value);
        return given;
    }

    private static Object checked(String name, Object value) throws UserErrorException {
        return ARGUMENTS.check(with(name, value)).get(name);
    }

    private static void refused(String message, Map<String, Object> given) {
        UserErrorException refused = assertThrows(UserErrorException.class, () -> ARGUMENTS.check(given));
        assertThat(refused.getMessage(), is("gitopsTest" + message + "."));
    }

    private static void refused(String message, String name, Object value) {
        refused(message, with(name, value));
    }

    @Test
    public void validArgumentsAreUnchanged() throws Exception {
        assertThat(checked("tag", "1.10"), is("1.10"));
        assertThat(checked("tag", ""), is(""));
        assertThat(checked("tag", new StringBuilder("v1")), is("v1"));
        assertThat(checked("images", List.of("a:1", "b:2")), is(List.of("a:1", "b:2")));
        assertThat(checked("images", new String[] {"a:1"}), is(List.of("a:1")));
        assertThat(checked("force", true), is(true));
        assertThat(checked("timeout", 10), is(10));
        assertThat(checked("timeout", "10m"), is("10m"));
        assertThat(ARGUMENTS.check(with("tag", null)).containsKey("tag"), is(false));
        assertThat(ARGUMENTS.check(with("force", null)).containsKey("force"), is(false));
    }

    @Test
    public void ordinaryMistakesAreRejected() {
        String quotes = ". Put it in quotes, as tag: '...', since a Pipeline may read the number 1.10 as 1.1";
        refused(": tag is the number 1.1" + quotes, "tag", new BigDecimal("1.1"));
        refused(": tag is the number 7" + quotes, "tag", 7);
        refused(": tag is true. Put it in quotes", "tag", true);
        refused(": tag is a list. Use a string, as tag: '...'", "tag", List.of("v1"));
        refused(": tag is a map. Use a string, as tag: '...'", "tag", Map.of("a", "b"));
        refused(": tag is an object of Object. Use a string, as tag: '...'", "tag", new Object());
        refused(": images is a string. Write a list, as images: ['...', '...']", "images", "a:1");
        refused(": images is the number 1. Write a list, as images: ['...', '...']", "images", 1);
        refused(
                ": entry 1 of images is null. Write each as a string in quotes, as images: ['...', '...']",
                "images",
                Arrays.asList((Object) null));
        refused(
                ": entry 2 of images is a list. Write each as a string in quotes, as images: ['...', '...']",
                "images",
                List.of("a:1", new ArrayList<>()));
        refused(": force is a string. Write force: true or force: false, without quotes", "force", "true");
        refused(": timeout is a list. Use a string, as timeout: '...'", "timeout", List.of());
        refused(" has no parameter \"tga\". Use env, force, images, reason, tag, timeout", "tga", "v1");
        refused(" needs env. Write env: '...'", Map.of("tag", "v1"));
        refused(" needs env. Write env: '...'", with("env", null));
    }

    @Test
    public void invalidNamesAreRejectedAndTextIsSanitized() throws Exception {
        String dirty =
                " contains control characters, leading, trailing or repeated spaces, or more than 1000 characters."
                        + " Correct the text, for example with trim()";
        refused(": env" + dirty, "env", "dev\nFinished: SUCCESS");
        refused(": tag" + dirty, "tag", "v1 ");
        refused(": tag" + dirty, "tag", "v\u202e1");
        refused(": tag" + dirty, "tag", "v".repeat(1001));
        refused(": entry 1 of images" + dirty, "images", List.of("a:1\u0000"));
        assertThat(checked("reason", "one\ntwo\u0000 \u202ethree "), is("one two three"));
    }
}
