from tests.stories.test_h13_six_thousand_hours_a_week import *
def test_times(robin, hannah, shire, inside, as_member, url):
    members = Member.objects.filter(service=shire).select_related("person", "service", "office")
    head, teacher = members.get(name="Head 00"), members.get(name="Teacher 07")
    allocation = Allocation.objects.filter(teacher=teacher).first()
    for member, name, args in [(head,"home",[]),(head,"registers",[]),(head,"chase",[]),(head,"teacher",[teacher.pk]),(teacher,"home",[]),(teacher,"register",[allocation.pk,THIS_WEEK])]:
        c=as_member(member)
        with CaptureQueriesContext(connection) as q:
            t=perf_counter()
            c.get(url(member,name,*args))
            print(name,len(q),round(perf_counter()-t,2),flush=True)
        for x in sorted(q.captured_queries,key=lambda x:-float(x["time"]))[:2]:
            if float(x["time"])>.3: print("   ",x["time"],x["sql"][:160],"...",x["sql"][-700:],flush=True)
