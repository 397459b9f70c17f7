package io.jenkins.plugins.gitops.agent.embedded;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.agent.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Server-side apply as a table of configurations that are applied one after another. */
public class ServerSideApplyTest {
    private static final String DEPLOYMENT =
            "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},'spec':{%s}}";

    private Map<String, Object> live;

    @Test
    public void createsMissingObject() throws Exception {
        apply("git", configMap("'a':'1'"));

        assertThat(JsonTree.at(live, "data"), is(Map.of("a", "1")));
        assertThat(
                JsonTree.text(JsonTree.list(live, "metadata", "managedFields").get(0), "manager"), is("git"));
    }

    @Test
    public void removesFieldsNoLongerApplied() throws Exception {
        apply("git", configMap("'a':'1','b':'2'"));
        apply("git", configMap("'b':'2'"));

        assertThat(JsonTree.at(live, "data"), is(Map.of("b", "2")));
    }

    @Test
    public void keepsFieldsOfAnotherManager() throws Exception {
        apply("git", configMap("'a':'1'"));
        apply("other", configMap("'b':'2'"));
        apply("git", configMap(""));

        assertThat(JsonTree.at(live, "data"), is(Map.of("b", "2")));
    }

    @Test
    public void keepsASharedFieldUntilItsLastOwnerDropsIt() throws Exception {
        apply("git", configMap("'a':'1'"));
        apply("other", configMap("'a':'1'"));
        apply("git", configMap(""));
        assertThat(JsonTree.text(live, "data", "a"), is("1"));

        apply("other", configMap(""));
        assertThat(JsonTree.text(live, "data", "a"), is(nullValue()));
    }

    @Test
    public void rejectsAFieldOfAnotherManagerWithAnotherValue() throws Exception {
        apply("other", configMap("'a':'1'"));

        ApiStatusException refused = assertThrows(ApiStatusException.class, () -> apply("git", configMap("'a':'2'")));

        assertThat(refused.code(), is(409));
        assertThat(refused.getMessage(), is("Apply failed with 1 conflict: conflict with \"other\": .data.a"));
        assertThat(refused.status(), containsString("FieldManagerConflict"));
        assertThat(JsonTree.text(live, "data", "a"), is("1"));
    }

    @Test
    public void forceTakesTheFieldOver() throws Exception {
        apply("other", configMap("'a':'1'"));
        live = ServerSideApply.apply(live, configMap("'a':'2'"), "git", true);

        assertThat(JsonTree.text(live, "data", "a"), is("2"));
        assertThat(FieldManagers.of(live).applied("other").isEmpty(), is(true));
    }

    @Test
    public void mergesContainersByNameAndEnvironmentByName() throws Exception {
        apply(
                "git",
                deployment("{'name':'api','image':'a:1','env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}]}"));
        apply("other", deployment("{'name':'api','env':[{'name':'Z','value':'3'}]},{'name':'side','image':'s:1'}"));
        apply("git", deployment("{'name':'api','image':'a:2','env':[{'name':'Y','value':'2'}]}"));

        List<Object> containers = JsonTree.list(live, "spec", "template", "spec", "containers");
        assertThat(containers.size(), is(2));
        assertThat(JsonTree.text(containers.get(0), "image"), is("a:2"));
        assertThat(names(JsonTree.list(containers.get(0), "env")), is(List.of("Y", "Z")));
        assertThat(JsonTree.text(containers.get(1), "image"), is("s:1"));
    }

    @Test
    public void conflictInAListNamesTheItem() throws Exception {
        apply("other", deployment("{'name':'api','image':'a:1'}"));

        ApiStatusException refused =
                assertThrows(ApiStatusException.class, () -> apply("git", deployment("{'name':'api','image':'a:2'}")));

        assertThat(refused.getMessage(), containsString(".spec.template.spec.containers[name=\"api\"].image"));
    }

    @Test
    public void removesAContainerNoLongerApplied() throws Exception {
        apply("git", deployment("{'name':'api','image':'a:1'},{'name':'side','image':'s:1'}"));
        apply("git", deployment("{'name':'api','image':'a:1'}"));

        assertThat(names(JsonTree.list(live, "spec", "template", "spec", "containers")), is(List.of("api")));
    }

    @Test
    public void distinguishesPortsByNumberAndProtocol() throws Exception {
        apply("git", service("{'port':53,'protocol':'UDP','name':'u'},{'port':53,'name':'t'}"));
        apply("git", service("{'port':53,'protocol':'UDP','name':'u2'},{'port':53,'protocol':'TCP','name':'t'}"));

        assertThat(names(JsonTree.list(live, "spec", "ports")), is(List.of("u2", "t")));
    }

    @Test
    public void replacesAtomicLists() throws Exception {
        apply("git", deployment("{'name':'api','image':'a:1','args':['1','2']}"));
        apply("git", deployment("{'name':'api','image':'a:1','args':['3']}"));

        List<Object> containers = JsonTree.list(live, "spec", "template", "spec", "containers");
        assertThat(JsonTree.list(containers.get(0), "args"), is(List.of("3")));
    }

    @Test
    public void listsOfCustomKindsAreAtomic() throws Exception {
        String custom = "{'apiVersion':'example.com/v1','kind':'Thing','metadata':{'name':'t'},'spec':{'env':[%s]}}";
        apply("git", parse(custom.formatted("{'name':'a'},{'name':'b'}")));
        apply("git", parse(custom.formatted("{'name':'c'}")));

        assertThat(names(JsonTree.list(live, "spec", "env")), is(List.of("c")));
    }

    @Test
    public void aPlainWriteTakesOwnershipOfWhatItChanges() throws Exception {
        apply("git", configMap("'a':'1','b':'2'"));
        Map<String, Object> edited = JsonTree.copy(live);
        JsonTree.child(edited, "data").put("a", "9");
        FieldManagers managers = FieldManagers.of(live);
        managers.update("kubectl", null, live, edited);
        managers.writeTo(edited);
        live = edited;

        ApiStatusException refused =
                assertThrows(ApiStatusException.class, () -> apply("git", configMap("'a':'1','b':'2'")));

        assertThat(refused.getMessage(), is("Apply failed with 1 conflict: conflict with \"kubectl\": .data.a"));
    }

    @Test
    public void theSameConfigurationAgainChangesNothing() throws Exception {
        apply("git", deployment("{'name':'api','image':'a:1','ports':[{'containerPort':80}]}"));
        Map<String, Object> before = JsonTree.copy(live);
        apply("git", deployment("{'name':'api','image':'a:1','ports':[{'containerPort':80}]}"));

        assertThat(JsonTree.same(before, live), is(true));
    }

    @Test
    public void anEmptyMapKeepsEntriesOfOtherManagers() throws Exception {
        apply("other", configMap("'b':'2'"));
        apply("git", configMap(""));

        assertThat(JsonTree.text(live, "data", "b"), is("2"));
    }

    private void apply(String manager, Map<String, Object> configuration) throws ApiStatusException {
        live = ServerSideApply.apply(live, configuration, manager, false);
    }

    private static List<String> names(List<Object> items) {
        return items.stream().map(item -> JsonTree.text(item, "name")).toList();
    }

    private static Map<String, Object> configMap(String data) throws Exception {
        return parse("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'},'data':{" + data + "}}");
    }

    private static Map<String, Object> deployment(String containers) throws Exception {
        return parse(DEPLOYMENT.formatted("'template':{'spec':{'containers':[" + containers + "]}}"));
    }

    private static Map<String, Object> service(String ports) throws Exception {
        return parse("{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},'spec':{'ports':[" + ports + "]}}");
    }

    private static Map<String, Object> parse(String json) throws Exception {
        return JsonTree.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
