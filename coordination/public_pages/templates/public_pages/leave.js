const leave = document.querySelector('.leave')
const go = () => {
  document.title = ''
  document.documentElement.hidden = true
  location.replace(leave.href)
}
leave.addEventListener('click', (event) => {
  event.preventDefault()
  go()
})
let presses = []
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.repeat) return
  presses = [...presses.filter((at) => event.timeStamp - at < 1500), event.timeStamp]
  if (presses.length >= 3) go()
}, { capture: true })
addEventListener('pageshow', (event) => event.persisted && location.reload())
