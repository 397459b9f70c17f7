package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Test;

public class JsonPointerTest {
    @Test
    public void copiesWhatTheLiveObjectHas() throws Exception {
        assertCopied(
                "/spec/replicas",
                "{'spec':{'replicas':4}}",
                "{'spec':{'replicas':1,'x':2}}",
                "{'spec':{'replicas':4,'x':2}}");
    }

    @Test
    public void addsWhatOnlyTheLiveObjectHas() throws Exception {
        assertCopied("/spec/replicas", "{'spec':{'replicas':4}}", "{'spec':{'x':2}}", "{'spec':{'x':2,'replicas':4}}");
    }

    @Test
    public void removesWhatTheLiveObjectDoesNotHave() throws Exception {
        assertCopied("/spec/replicas", "{'spec':{}}", "{'spec':{'replicas':1,'x':2}}", "{'spec':{'x':2}}");
    }

    @Test
    public void resolvesListIndexesAndEscapes() throws Exception {
        assertCopied("/l/1/a~1b~0c", "{'l':[0,{'a/b~c':5}]}", "{'l':[0,{'a/b~c':6}]}", "{'l':[0,{'a/b~c':5}]}");
        assertCopied("/l/1", "{'l':[0,7]}", "{'l':[0,8]}", "{'l':[0,7]}");
        assertCopied("/l/1", "{'l':[0]}", "{'l':[0,8]}", "{'l':[0]}");
    }

    @Test
    public void missingPathIsIgnored() throws Exception {
        assertCopied("/a/b/c", "{'a':1}", "{'a':2}", "{'a':2}");
        assertCopied("/l/9", "{'l':[0]}", "{'l':[1]}", "{'l':[1]}");
        assertCopied("/l/x", "{'l':[0]}", "{'l':[1]}", "{'l':[1]}");
        assertCopied("", "{'a':1}", "{'a':2}", "{'a':2}");
    }

    private static void assertCopied(String pointer, String live, String desired, String expected) throws Exception {
        Map<String, Object> to = parse(desired);
        new JsonPointer(pointer).copy(parse(live), to);
        assertThat(to, is(parse(expected)));
    }

    private static Map<String, Object> parse(String json) throws Exception {
        return JsonTree.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
